"""The record inside a file: put into PNG, SVG and PDF, and read again from files that nobody vouches for."""
