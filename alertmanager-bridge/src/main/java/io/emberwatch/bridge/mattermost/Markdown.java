package io.emberwatch.bridge.mattermost;

import io.emberwatch.bridge.render.Clip;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes texts from elsewhere harmless in Mattermost's Markdown: they show as they are, mention nobody and link nowhere.
 *
 * <p>A backslash keeps punctuation from being markup; it does not keep an at sign from mentioning, nor the server from
 * reading Slack's {@code <!channel>}, so a zero-width space follows those signs.
 *
 * @see <a href="https://docs.mattermost.com/end-user-guide/collaborate/format-messages.html">Message formatting</a>
 */
final class Markdown {
    private static final char GAP = '\u200b';
    private static final String ESCAPABLE = "\\`*_{}[]()#~|>!";
    private static final Pattern ENTITY = Pattern.compile("&#?\\w{1,32};");
    private static final Pattern BLOCK = Pattern.compile("[-+=]|[0-9]+[.)]");

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
        Matcher block = null;
        StringBuilder safe = new StringBuilder(text.length() + text.length() / 8 + 8);
        boolean lineStart = atLineStart;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (lineStart) {
                block = block == null ? BLOCK.matcher(text) : block;
                if (block.region(i, text.length()).lookingAt()) {
                    safe.append(GAP); // neither a list nor the underline of a heading
                }
            }
            if (ESCAPABLE.indexOf(c) >= 0 && !(c == '\\' && isBeforeWord(text, i))) {
                safe.append('\\');
            }
            safe.append(c);
            if (c == '@'
                    || c == '<'
                    || (c == '&'
                            && ENTITY.matcher(text).region(i, text.length()).lookingAt())) {
                safe.append(GAP);
            }
            lineStart = c == '\n';
        }
        return safe.toString();
    }

    // As in C:\temp: Mattermost shows both of two backslashes that stand before a letter.
    private static boolean isBeforeWord(String text, int backslash) {
        return backslash + 1 < text.length() && Character.isLetterOrDigit(text.charAt(backslash + 1));
    }

    /** A link whose address is {@link io.emberwatch.bridge.render.Links#safe safe} already. */
    static String link(String label, String address) {
        return "[" + label + "](" + address + ")";
    }
}
