package io.emberwatch.bridge.mattermost;

import io.emberwatch.bridge.render.Clip;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes texts from elsewhere harmless in Mattermost's Markdown: they show as they are and mention nobody, and nothing in
 * them is a link but an address that stands there to be read.
 *
 * <p>A backslash keeps punctuation from being markup; it does not keep an at sign from mentioning, nor the server from
 * reading Slack's {@code <!channel>}, so a zero-width space follows those signs.
 *
 * @see <a href="https://docs.mattermost.com/end-user-guide/collaborate/format-messages.html">Message formatting</a>
 */
final class Markdown {
    private static final char GAP = '\u200b';
    private static final char HAIR_SPACE = '\u200a';
    // Within an address Mattermost shows backslashes, and links to them. Nothing of this is markup there.
    private static final Pattern ADDRESS = Pattern.compile("https?://[A-Za-z0-9][A-Za-z0-9._~/?#&=%+:,;-]*");
    private static final Pattern ENTITY = Pattern.compile("&#?\\w{1,32};");

    private Markdown() {}

    /** A value within a line, at most {@code runes} characters before it is escaped. */
    static String value(String text, int runes) {
        return escape(Clip.to(Clip.oneLine(text), runes), false);
    }

    /** The same at the beginning of a line. */
    static String line(String text, int runes) {
        return escape(Clip.to(Clip.oneLine(text), runes), true);
    }

    /** A text of several lines. */
    static String text(String text, int runes) {
        return escape(Clip.to(Clip.paragraphs(text), runes), true);
    }

    /** A title: shown without markup, but links in it would work. */
    static String title(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 8);
        String line = Clip.oneLine(text);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            safe.append(c);
            if (c == '@' || c == '<' || (c == ']' && i + 1 < line.length() && "([".indexOf(line.charAt(i + 1)) >= 0)) {
                safe.append(GAP);
            }
        }
        return safe.toString();
    }

    private static String escape(String text, boolean atLineStart) {
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length() && !(atLineStart && beginsBlock(text, 0))) {
            return text; // most are
        }
        Matcher address = text.contains("://") ? ADDRESS.matcher(text) : null;
        StringBuilder safe = new StringBuilder(text.length() + text.length() / 8 + 8);
        boolean lineStart = atLineStart;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (lineStart && beginsBlock(text, i)) {
                safe.append(GAP);
            }
            lineStart = c == '\n';
            if (address != null && c == 'h' && address.region(i, text.length()).lookingAt()) {
                safe.append(address.group());
                i = address.end() - 1;
                if (i + 1 < text.length() && isMarkup(text.charAt(i + 1))) {
                    safe.append(HAIR_SPACE); // or the backslash that follows would belong to it
                }
                continue;
            }
            if (isMarkup(c) && !(c == '\\' && isBeforeWord(text, i))) {
                safe.append('\\');
            }
            safe.append(c);
            if (c == '@' || c == '<' || isEntity(text, i)) {
                safe.append(GAP);
            }
        }
        return safe.toString();
    }

    // As in C:\temp: Mattermost shows both of two backslashes that stand before a letter.
    private static boolean isBeforeWord(String text, int backslash) {
        return backslash + 1 < text.length() && Character.isLetterOrDigit(text.charAt(backslash + 1));
    }

    private static boolean isEntity(String text, int i) {
        return text.charAt(i) == '&'
                && ENTITY.matcher(text).region(i, text.length()).lookingAt();
    }

    private static boolean isPlain(char c) {
        return !isMarkup(c) && c != '@' && c != '<' && c != '&' && c != '\n';
    }

    // What closes a round bracket means nothing where none is open, and would be taken for a part of an address before
    // it.
    private static boolean isMarkup(char c) {
        return switch (c) {
            case '\\', '`', '*', '_', '[', ']', '(', '#', '~', '|', '>' -> true;
            default -> false;
        };
    }

    // A list, or the underline of a heading.
    private static boolean beginsBlock(String text, int line) {
        int end = line;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end < text.length() && (end == line ? "-+=" : ".)").indexOf(text.charAt(end)) >= 0;
    }

    /** A link whose address is {@link io.emberwatch.bridge.render.Links#safe safe} already. */
    static String link(String label, String address) {
        return "[" + label + "](" + address + ")";
    }
}
