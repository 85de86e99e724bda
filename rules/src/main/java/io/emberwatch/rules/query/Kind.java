package io.emberwatch.rules.query;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kinds of tokens. */
enum Kind {
    EQL("="),
    BLANK("_"),
    COLON(":"),
    COMMA(","),
    DURATION("duration"),
    EOF("end of input"),
    ERROR("error"),
    IDENTIFIER("identifier"),
    LEFT_BRACE("{"),
    LEFT_BRACKET("["),
    LEFT_PAREN("("),
    METRIC_IDENTIFIER("metric identifier"),
    NUMBER("number"),
    RIGHT_BRACE("}"),
    RIGHT_BRACKET("]"),
    RIGHT_PAREN(")"),
    SPACE("<space>"),
    STRING("string"),
    TIMES("x"),
    HISTOGRAM("histogram"),

    ADD("+", Group.OPERATOR),
    DIV("/", Group.OPERATOR),
    EQLC("==", Group.OPERATOR),
    EQL_REGEX("=~", Group.OPERATOR),
    GTE(">=", Group.OPERATOR),
    GTR(">", Group.OPERATOR),
    LAND("and", Group.OPERATOR),
    LOR("or", Group.OPERATOR),
    LSS("<", Group.OPERATOR),
    LTE("<=", Group.OPERATOR),
    LUNLESS("unless", Group.OPERATOR),
    MOD("%", Group.OPERATOR),
    MUL("*", Group.OPERATOR),
    NEQ("!=", Group.OPERATOR),
    NEQ_REGEX("!~", Group.OPERATOR),
    POW("^", Group.OPERATOR),
    SUB("-", Group.OPERATOR),
    AT("@", Group.OPERATOR),
    ATAN2("atan2", Group.OPERATOR),
    TRIM_UPPER("</", Group.OPERATOR),
    TRIM_LOWER(">/", Group.OPERATOR),

    AVG("avg", Group.AGGREGATOR),
    BOTTOMK("bottomk", Group.AGGREGATOR),
    COUNT("count", Group.AGGREGATOR),
    COUNT_VALUES("count_values", Group.AGGREGATOR),
    GROUP("group", Group.AGGREGATOR),
    MAX("max", Group.AGGREGATOR),
    MIN("min", Group.AGGREGATOR),
    QUANTILE("quantile", Group.AGGREGATOR),
    STDDEV("stddev", Group.AGGREGATOR),
    STDVAR("stdvar", Group.AGGREGATOR),
    SUM("sum", Group.AGGREGATOR),
    TOPK("topk", Group.AGGREGATOR),
    LIMITK("limitk", Group.AGGREGATOR),
    LIMIT_RATIO("limit_ratio", Group.AGGREGATOR),

    BOOL("bool", Group.KEYWORD),
    BY("by", Group.KEYWORD),
    GROUP_LEFT("group_left", Group.KEYWORD),
    GROUP_RIGHT("group_right", Group.KEYWORD),
    FILL("fill", Group.KEYWORD),
    FILL_LEFT("fill_left", Group.KEYWORD),
    FILL_RIGHT("fill_right", Group.KEYWORD),
    IGNORING("ignoring", Group.KEYWORD),
    OFFSET("offset", Group.KEYWORD),
    SMOOTHED("smoothed", Group.KEYWORD),
    ANCHORED("anchored", Group.KEYWORD),
    ON("on", Group.KEYWORD),
    WITHOUT("without", Group.KEYWORD),

    START("start", Group.PREPROCESSOR),
    END("end", Group.PREPROCESSOR),
    STEP("step", Group.PREPROCESSOR),
    RANGE("range", Group.PREPROCESSOR),
    MAX_OF("max_of", Group.PREPROCESSOR),
    MIN_OF("min_of", Group.PREPROCESSOR);

    /** How a token is used, and described in messages. */
    enum Group {
        SYMBOL,
        OPERATOR,
        AGGREGATOR,
        KEYWORD,
        PREPROCESSOR
    }

    private static final Map<String, Kind> WORDS = words();

    private final String text;
    private final Group group;

    Kind(String text) {
        this(text, Group.SYMBOL);
    }

    Kind(String text, Group group) {
        this.text = text;
        this.group = group;
    }

    private static Map<String, Kind> words() {
        Map<String, Kind> words = new HashMap<>();
        for (Kind kind : values()) {
            if (kind.group != Group.SYMBOL && Character.isLetter(kind.text.charAt(0))) {
                words.put(kind.text, kind);
            }
        }
        words.put("inf", NUMBER);
        words.put("nan", NUMBER);
        return Map.copyOf(words);
    }

    /** The kind that a word stands for in any case of its letters, or null when it is an ordinary identifier. */
    static @Nullable Kind ofWord(String word) {
        return WORDS.get(word.toLowerCase(Locale.ROOT));
    }

    Group group() {
        return group;
    }

    /** Whether messages name the kind by its own text, rather than by a word for it and what was written. */
    boolean isFixed() {
        return switch (this) {
            case DURATION, EOF, ERROR, IDENTIFIER, METRIC_IDENTIFIER, NUMBER, STRING, HISTOGRAM -> false;
            default -> true;
        };
    }

    String text() {
        return text;
    }

    boolean isMatchOperator() {
        return this == EQL || this == NEQ || this == EQL_REGEX || this == NEQ_REGEX;
    }

    /** Whether the token may stand as a metric name. */
    boolean isMetricIdentifier() {
        return switch (this) {
            case IDENTIFIER, METRIC_IDENTIFIER, BY, LAND, LOR, LUNLESS, OFFSET, WITHOUT, ANCHORED, SMOOTHED -> true;
            default -> group == Group.AGGREGATOR || group == Group.PREPROCESSOR;
        };
    }

    /** Whether the token may stand as a label name in a grouping. */
    boolean isLabel() {
        return switch (this) {
            case FILL, FILL_LEFT, FILL_RIGHT -> false;
            case BOOL, GROUP_LEFT, GROUP_RIGHT, IGNORING, ON, ATAN2 -> true;
            default -> isMetricIdentifier();
        };
    }

    /** The operator that the token stands for between two expressions, or null. */
    @Nullable
    BinaryOperator operator() {
        return switch (this) {
            case ADD -> BinaryOperator.ADD;
            case SUB -> BinaryOperator.SUB;
            case MUL -> BinaryOperator.MUL;
            case DIV -> BinaryOperator.DIV;
            case MOD -> BinaryOperator.MOD;
            case POW -> BinaryOperator.POW;
            case ATAN2 -> BinaryOperator.ATAN2;
            case EQLC -> BinaryOperator.EQ;
            case NEQ -> BinaryOperator.NEQ;
            case LSS -> BinaryOperator.LT;
            case GTR -> BinaryOperator.GT;
            case LTE -> BinaryOperator.LTE;
            case GTE -> BinaryOperator.GTE;
            case LAND -> BinaryOperator.AND;
            case LUNLESS -> BinaryOperator.UNLESS;
            case LOR -> BinaryOperator.OR;
            case TRIM_UPPER -> BinaryOperator.TRIM_UPPER;
            case TRIM_LOWER -> BinaryOperator.TRIM_LOWER;
            default -> null;
        };
    }

    /** The aggregation that the token stands for; only for the group AGGREGATOR. */
    Aggregator aggregator() {
        return Aggregator.valueOf(name());
    }

    boolean isAggregator() {
        return group == Group.AGGREGATOR;
    }
}
