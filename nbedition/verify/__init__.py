"""Is a figure's file still what the edition gives."""
