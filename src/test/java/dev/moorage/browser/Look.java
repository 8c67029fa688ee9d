package dev.moorage.browser;

import com.microsoft.playwright.options.ColorScheme;

/** How wide a window is, and which colours its owner prefers. */
enum Look {
    WIDE(1280, 800, ColorScheme.LIGHT),
    WIDE_DARK(1280, 800, ColorScheme.DARK),
    NARROW(360, 740, ColorScheme.LIGHT),
    NARROW_DARK(360, 740, ColorScheme.DARK);

    private final int width;
    private final int height;
    private final ColorScheme colours;

    Look(int width, int height, ColorScheme colours) {
        this.width = width;
        this.height = height;
        this.colours = colours;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    ColorScheme colours() {
        return colours;
    }
}
