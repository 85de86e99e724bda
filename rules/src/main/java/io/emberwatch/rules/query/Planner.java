package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** Turns a checked expression into nodes that can be evaluated. */
final class Planner {
    private static final Labels[] NO_NAME = {Labels.EMPTY};

    /** Functions of which the result changes with the time of the query even if their operands do not. */
    private static final Set<String> TIME_DEPENDENT = Set.of(
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "days_in_month",
            "end",
            "hour",
            "minute",
            "month",
            "predict_linear",
            "range",
            "start",
            "step",
            "time",
            "timestamp",
            "year");

    private final boolean delayed;

    Planner(EngineOptions options) {
        this.delayed = options.delayedNameRemoval();
    }

    private NameDrop nameDrop() {
        return new NameDrop(delayed);
    }

    static Expr bare(Expr expr) {
        Expr inner = expr;
        while (inner instanceof Expr.Parens parens) {
            inner = parens.expr();
        }
        return inner;
    }

    /** Plans an expression of type vector; what does not change with time is evaluated once. */
    VectorNode vector(Expr expr) throws QueryException {
        Expr bare = bare(expr);
        VectorNode node = changingVector(bare);
        if (!isConstant(bare)) {
            return node;
        }
        return (run, grid) -> {
            Frame frame = node.evaluate(run, grid.first());
            if (grid.steps() == 1) {
                return frame;
            }
            run.hold((long) frame.rows() * grid.steps());
            return frame.broadcast(grid.steps());
        };
    }

    private static boolean isConstant(Expr expr) {
        if (expr instanceof Expr.VectorSelector selector) {
            return !(selector.timing().at() instanceof Timing.At.Evaluation);
        }
        if (expr instanceof Expr.Subquery subquery) {
            return !(subquery.timing().at() instanceof Timing.At.Evaluation);
        }
        if (expr instanceof Expr.Call call
                && TIME_DEPENDENT.contains(call.function().name())) {
            return false;
        }
        return expr.children().stream().allMatch(Planner::isConstant);
    }

    private VectorNode changingVector(Expr expr) throws QueryException {
        if (expr instanceof Expr.VectorSelector selector) {
            refuse(selector);
            return new InstantSelector(selector, false);
        }
        if (expr instanceof Expr.Unary unary) {
            VectorNode operand = vector(unary.expr());
            return unary.negative() ? mapped(Floats.orFail(operand, "negation"), x -> -x) : operand;
        }
        if (expr instanceof Expr.Aggregation aggregation) {
            return aggregation(aggregation);
        }
        if (expr instanceof Expr.Binary binary) {
            return binary(binary);
        }
        if (expr instanceof Expr.Call call) {
            return call(call);
        }
        throw new IllegalArgumentException(expr + ": not a vector");
    }

    private static void refuse(Expr.VectorSelector selector) throws QueryException {
        if (selector.extension() != Expr.VectorSelector.Extension.NONE) {
            String name = selector.extension().name().toLowerCase(Locale.ROOT);
            throw unsupported(name + " modifier is experimental and not supported");
        }
    }

    static QueryException unsupported(String message) {
        return new QueryException(QueryException.Kind.BAD_DATA, message);
    }

    private VectorNode aggregation(Expr.Aggregation aggregation) throws QueryException {
        VectorNode operand = vector(aggregation.expr());
        Aggregator aggregator = aggregation.aggregator();
        String name = aggregator.text();
        Span span = aggregation.expr().span();
        return switch (aggregator) {
            case LIMITK -> new TopAggregation(aggregation, parameter(aggregation), operand);
            case TOPK, BOTTOMK -> {
                VectorNode floats = Floats.only(operand, notes -> notes.ignoredHistogram(name, aggregation.span()));
                yield new TopAggregation(aggregation, parameter(aggregation), floats);
            }
            case QUANTILE -> {
                VectorNode floats = Floats.only(operand, notes -> notes.ignoredHistogram(name, span));
                yield new QuantileAggregation(aggregation, parameter(aggregation), floats);
            }
            case COUNT_VALUES -> new CountValues(aggregation, label(aggregation), Floats.orFail(operand, name));
            case LIMIT_RATIO -> new RatioAggregation(aggregation, parameter(aggregation), operand);
            case COUNT, GROUP -> new Accumulation(aggregation, operand);
            case SUM, AVG -> new Accumulation(aggregation, Floats.orFail(operand, name));
            case MIN, MAX, STDDEV, STDVAR -> {
                VectorNode floats = Floats.only(operand, notes -> notes.ignoredHistogram(name, span));
                yield new Accumulation(aggregation, floats);
            }
        };
    }

    private ScalarNode parameter(Expr.Aggregation aggregation) throws QueryException {
        return scalar(Objects.requireNonNull(aggregation.param()));
    }

    private static String label(Expr.Aggregation aggregation) {
        return ((Expr.StringLiteral) bare(Objects.requireNonNull(aggregation.param()))).value();
    }

    private VectorNode binary(Expr.Binary binary) throws QueryException {
        BinaryOperator operator = binary.operator();
        if (binary.left().type() == ValueType.SCALAR || binary.right().type() == ValueType.SCALAR) {
            return scalarOperation(binary);
        }
        VectorNode left = vector(binary.left());
        VectorNode right = vector(binary.right());
        if (operator.isSet()) {
            return new SetOperation(binary, left, right);
        }
        String name = "operator " + operator.text();
        NameDrop drop = binary.returnsBool() ? nameDrop() : null;
        return new VectorOperation(binary, Floats.orFail(left, name), Floats.orFail(right, name), drop);
    }

    private VectorNode scalarOperation(Expr.Binary binary) throws QueryException {
        BinaryOperator operator = binary.operator();
        boolean scalarFirst = binary.left().type() == ValueType.SCALAR;
        VectorNode vector = vector(scalarFirst ? binary.right() : binary.left());
        ScalarNode scalar = scalar(scalarFirst ? binary.left() : binary.right());
        boolean scales = operator == BinaryOperator.MUL || (operator == BinaryOperator.DIV && !scalarFirst);
        VectorNode floats = scales || (Operators.trims(operator) && !scalarFirst)
                ? Floats.orFail(vector, "operator " + operator.text())
                : Floats.only(
                        vector,
                        notes -> notes.incompatibleTypes(
                                operator,
                                scalarFirst ? "float" : "histogram",
                                scalarFirst ? "histogram" : "float",
                                binary.span()));
        boolean drops = Operators.changesMeaning(operator) || binary.returnsBool();
        return new ScalarOperation(binary, floats, scalar, scalarFirst, drops ? nameDrop() : null);
    }

    private VectorNode mapped(VectorNode operand, DoubleUnaryOperator function) {
        NameDrop drop = nameDrop();
        return (run, grid) -> {
            Frame frame = operand.evaluate(run, grid);
            double[] values = frame.values();
            for (int i = 0; i < values.length; i++) {
                if (Frame.isPresent(values[i])) {
                    values[i] = function.applyAsDouble(values[i]);
                }
            }
            return drop.apply(frame, run);
        };
    }

    private VectorNode call(Expr.Call call) throws QueryException {
        String name = call.function().name();
        List<Expr> args = call.args();
        if (call.function().arguments().contains(ValueType.MATRIX)) {
            return rangeCall(call);
        }
        DoubleUnaryOperator function = MathFunctions.find(name);
        if (function != null) {
            return args.isEmpty() ? ofTime(function) : mapped(floats(args.get(0)), function);
        }
        return switch (name) {
            case "absent" -> Absence.ofVector(bare(args.get(0)), vector(args.get(0)));
            case "clamp" -> clamp(floats(args.get(0)), scalar(args.get(1)), scalar(args.get(2)));
            case "clamp_max" ->
                clamp(floats(args.get(0)), Scalars.constant(Double.NEGATIVE_INFINITY), scalar(args.get(1)));
            case "clamp_min" ->
                clamp(floats(args.get(0)), scalar(args.get(1)), Scalars.constant(Double.POSITIVE_INFINITY));
            case "histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum" ->
                ofNativeHistograms(Floats.orFail(vector(args.get(0)), name));
            case "histogram_fraction", "histogram_quantile" -> histogramCall(call);
            case "histogram_quantiles" -> quantiles(call);
            case "label_join" -> LabelFunctions.join(call, vector(args.get(0)));
            case "label_replace" -> LabelFunctions.replace(call, vector(args.get(0)));
            case "round" -> round(floats(args.get(0)), args.size() > 1 ? scalar(args.get(1)) : Scalars.constant(1));
            case "sort", "sort_desc" -> new Sorting(call, floats(args.get(0)));
            case "sort_by_label", "sort_by_label_desc" ->
                new LabelSorting(call, strings(args.subList(1, args.size())), vector(args.get(0)));
            case "timestamp" -> timestamp(bare(args.get(0)));
            case "vector" -> ofScalar(scalar(args.get(0)));
            default -> throw unsupported("function " + GoText.quote(name) + " is not supported");
        };
    }

    private static List<String> strings(List<Expr> args) {
        return args.stream()
                .map(arg -> ((Expr.StringLiteral) bare(arg)).value())
                .toList();
    }

    private VectorNode quantiles(Expr.Call call) throws QueryException {
        List<ScalarNode> quantiles = new ArrayList<>();
        for (Expr arg : call.args().subList(2, call.args().size())) {
            quantiles.add(scalar(arg));
        }
        VectorNode operand =
                Floats.orFail(vector(call.args().get(0)), call.function().name());
        return new QuantilesCall(call, strings(call.args().subList(1, 2)).get(0), quantiles, operand, delayed);
    }

    private VectorNode floats(Expr expr) throws QueryException {
        return Floats.only(vector(expr));
    }

    private VectorNode rangeCall(Expr.Call call) throws QueryException {
        RangeNode range = null;
        Expr argument = call;
        List<ScalarNode> parameters = new ArrayList<>();
        for (Expr arg : call.args()) {
            if (arg.type() == ValueType.MATRIX) {
                argument = bare(arg);
                range = range(argument);
            } else {
                parameters.add(scalar(arg));
            }
        }
        String name = call.function().name();
        if (name.equals("absent_over_time")) {
            return Absence.ofRange(argument, Objects.requireNonNull(range));
        }
        boolean keepsName = name.equals("last_over_time") || name.equals("first_over_time");
        return new RangeCall(call, Objects.requireNonNull(range), parameters, keepsName ? null : nameDrop());
    }

    /** Plans an expression of type matrix. */
    RangeNode range(Expr expr) throws QueryException {
        Expr bare = bare(expr);
        if (bare instanceof Expr.MatrixSelector matrix) {
            refuse(matrix.selector());
            return new RangeSelector(matrix);
        }
        Expr.Subquery subquery = (Expr.Subquery) bare;
        return new SubqueryRange(subquery, vector(subquery.expr()));
    }

    private VectorNode histogramCall(Expr.Call call) throws QueryException {
        List<ScalarNode> parameters = new ArrayList<>();
        for (Expr arg : call.args().subList(0, call.args().size() - 1)) {
            parameters.add(scalar(arg));
        }
        VectorNode operand = Floats.orFail(
                vector(call.args().get(parameters.size())), call.function().name());
        return new HistogramCall(call, parameters, operand, nameDrop());
    }

    /** A function of native histograms, which are not stored: it finds nothing in any series. */
    private static VectorNode ofNativeHistograms(VectorNode operand) {
        return (run, grid) -> {
            operand.evaluate(run, grid);
            return Frame.empty(grid.steps());
        };
    }

    private VectorNode timestamp(Expr argument) throws QueryException {
        if (argument instanceof Expr.VectorSelector selector) {
            refuse(selector);
            InstantSelector node = new InstantSelector(selector, true);
            NameDrop drop = nameDrop();
            return (run, grid) -> drop.apply(node.evaluate(run, grid), run);
        }
        VectorNode operand = vector(argument);
        NameDrop drop = nameDrop();
        return (run, grid) -> {
            Frame frame = operand.evaluate(run, grid);
            double[] values = frame.values();
            for (int i = 0; i < values.length; i++) {
                if (Frame.isPresent(values[i])) {
                    values[i] = grid.at(i % grid.steps()) / 1e3;
                }
            }
            return drop.apply(frame, run);
        };
    }

    private static VectorNode ofTime(DoubleUnaryOperator function) {
        return (run, grid) -> {
            double[] values = run.cells(1, grid.steps());
            for (int i = 0; i < values.length; i++) {
                values[i] = function.applyAsDouble(grid.at(i) / 1000.0);
            }
            return new Frame(NO_NAME, null, grid.steps(), values);
        };
    }

    private static VectorNode ofScalar(ScalarNode scalar) {
        return (run, grid) -> new Frame(NO_NAME, null, grid.steps(), scalar.evaluate(run, grid));
    }

    private VectorNode clamp(VectorNode operand, ScalarNode min, ScalarNode max) {
        NameDrop drop = nameDrop();
        return (run, grid) -> {
            Frame frame = operand.evaluate(run, grid);
            double[] mins = min.evaluate(run, grid);
            double[] maxs = max.evaluate(run, grid);
            double[] values = frame.values();
            for (int i = 0; i < values.length; i++) {
                int step = i % mins.length;
                if (maxs[step] < mins[step]) {
                    values[i] = Frame.ABSENT;
                } else if (Frame.isPresent(values[i])) {
                    values[i] = GoMath.max(mins[step], GoMath.min(maxs[step], values[i]));
                }
            }
            return drop.apply(frame, run);
        };
    }

    private VectorNode round(VectorNode operand, ScalarNode nearest) {
        NameDrop drop = nameDrop();
        return (run, grid) -> {
            Frame frame = operand.evaluate(run, grid);
            double[] to = nearest.evaluate(run, grid);
            double[] values = frame.values();
            for (int i = 0; i < values.length; i++) {
                if (Frame.isPresent(values[i])) {
                    double inverse = 1 / to[i % to.length];
                    values[i] = Math.floor(values[i] * inverse + 0.5) / inverse;
                }
            }
            return drop.apply(frame, run);
        };
    }

    /** Plans an expression of type scalar. */
    ScalarNode scalar(Expr expr) throws QueryException {
        Expr bare = bare(expr);
        if (bare instanceof Expr.NumberLiteral number) {
            return Scalars.constant(number.value());
        }
        if (bare instanceof Expr.Unary unary) {
            ScalarNode operand = scalar(unary.expr());
            return unary.negative() ? Scalars.negated(operand) : operand;
        }
        if (bare instanceof Expr.Binary binary) {
            return Scalars.combined(binary.operator(), scalar(binary.left()), scalar(binary.right()));
        }
        if (bare instanceof Expr.Call call) {
            return scalarCall(call);
        }
        throw new IllegalArgumentException(expr + ": not a scalar");
    }

    private ScalarNode scalarCall(Expr.Call call) throws QueryException {
        List<Expr> args = call.args();
        return switch (call.function().name()) {
            case "end" -> Scalars.ofRun(run -> run.end() / 1e3);
            case "max_of" -> Scalars.joined(GoMath::max, scalar(args.get(0)), scalar(args.get(1)));
            case "min_of" -> Scalars.joined(GoMath::min, scalar(args.get(0)), scalar(args.get(1)));
            case "range" -> Scalars.ofRun(run -> (run.end() - run.start()) / 1e3);
            case "start" -> Scalars.ofRun(run -> run.start() / 1e3);
            case "step" -> Scalars.ofRun(run -> run.step() / 1e3);
            case "pi" -> Scalars.constant(Math.PI);
            case "scalar" -> Scalars.only(floats(call.args().get(0)));
            case "time" -> Scalars.time();
            default ->
                throw unsupported("function " + GoText.quote(call.function().name()) + " is not supported");
        };
    }
}
