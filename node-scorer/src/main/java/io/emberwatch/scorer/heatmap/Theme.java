package io.emberwatch.scorer.heatmap;

/** What the picture stands on. */
public enum Theme {
    LIGHT(0xffffff, 0x1f2328, 0x8b949e, 0xeef0f2),
    DARK(0x16191d, 0xe6edf3, 0x7d8590, 0x24292f);

    private final int ground;
    private final int ink;
    private final int hatch;
    private final int faint;

    Theme(int ground, int ink, int hatch, int faint) {
        this.ground = ground;
        this.ink = ink;
        this.hatch = hatch;
        this.faint = faint;
    }

    Colour ground() {
        return Colour.of(ground);
    }

    Colour ink() {
        return Colour.of(ink);
    }

    Colour hatch() {
        return Colour.of(hatch);
    }

    Colour faint() {
        return Colour.of(faint);
    }
}
