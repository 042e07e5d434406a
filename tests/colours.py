"""Colours as people see them: with a deficiency of colour vision, and how far two lie apart."""

import numpy as np
from matplotlib.colors import to_rgb

LACKING = {  # Machado, Oliveira and Fernandes (2009), a physiologically-based model, severity 1.0, in linear sRGB
    "deuteranomaly": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanomaly": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritanomaly": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array(  # IEC 61966-2-1: linear sRGB to CIE XYZ, white D65
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)


def linear(colour: str) -> np.ndarray:
    """The linear light of a colour, red, green and blue from 0 to 1."""
    light = np.array(to_rgb(colour))
    return np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIELAB of linear light: lightness from 0 to 100, and two axes of colour."""
    share = TO_XYZ @ light / TO_XYZ.sum(axis=1)
    root = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def lightness(colour: str) -> float:
    """The lightness of a colour, 0 to 100."""
    return float(lab(linear(colour))[0])


def apart(one: str, other: str, deficiency: str) -> float:
    """The distance of two colours in CIELAB (about 2.3 is just noticed) as seen with a deficiency."""
    seen = (lab(np.clip(np.array(LACKING[deficiency]) @ linear(colour), 0, 1)) for colour in (one, other))
    return float(np.linalg.norm(np.subtract(*seen)))
