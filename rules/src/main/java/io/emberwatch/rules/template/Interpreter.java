package io.emberwatch.rules.template;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.template.Node.Command;
import io.emberwatch.rules.template.Node.Pipe;
import io.emberwatch.rules.template.Node.Step;
import io.emberwatch.rules.template.Node.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Expands one template once.
 *
 * <p>Bounds: {@value #MAX_STEPS} nodes evaluated, {@value #MAX_OUTPUT} characters of output, {@value #MAX_CALLS}
 * templates called within each other.
 */
final class Interpreter {
    static final int MAX_STEPS = 1_000_000;
    static final int MAX_OUTPUT = 1 << 20;
    static final int MAX_CALLS = 200;

    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private record Binding(String name, @Nullable Object value) {}

    private final Template template;
    private final Map<String, TemplateFunction> functions;
    private final Expansion expansion;
    private final StringBuilder out = new StringBuilder();
    private List<Binding> scope = new ArrayList<>();
    private String executing;
    private Node at;
    private int steps;
    private int calls;

    Interpreter(Template template, Map<String, TemplateFunction> functions, Expansion expansion) {
        this.template = template;
        this.functions = functions;
        this.expansion = expansion;
        this.executing = template.name();
        this.at = new Node.Dot(0);
    }

    String run(List<Step> main) throws TemplateException {
        TemplateData data = expansion.data();
        scope.add(new Binding("$", data));
        walk(main, data);
        return out.toString();
    }

    private Flow walk(List<Step> list, @Nullable Object dot) throws TemplateException {
        for (Step step : list) {
            Flow flow = walk(step, dot);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow walk(Step step, @Nullable Object dot) throws TemplateException {
        visit(step);
        if (step instanceof Node.Text text) {
            write(text.text());
        } else if (step instanceof Node.Action action) {
            Object value = pipe(action.pipe(), dot);
            if (action.pipe().declared().isEmpty()) {
                at = action;
                write(value == null ? "<no value>" : GoValue.print(value));
            }
        } else if (step instanceof Node.If branch) {
            int mark = scope.size();
            boolean truth = GoValue.isTrue(pipe(branch.pipe(), dot));
            Flow flow = walk(truth ? branch.then() : branch.otherwise(), dot);
            pop(mark);
            return flow;
        } else if (step instanceof Node.With with) {
            int mark = scope.size();
            Object value = pipe(with.pipe(), dot);
            Flow flow = GoValue.isTrue(value) ? walk(with.then(), value) : walk(with.otherwise(), dot);
            pop(mark);
            return flow;
        } else if (step instanceof Node.Range range) {
            return range(range, dot);
        } else if (step instanceof Node.Call call) {
            call(call, dot);
        } else {
            return step instanceof Node.Break ? Flow.BREAK : Flow.CONTINUE;
        }
        return Flow.NEXT;
    }

    private void visit(Node node) throws TemplateException {
        at = node;
        if (++steps > MAX_STEPS) {
            throw fault("more than " + MAX_STEPS + " steps");
        }
    }

    private void write(String text) throws TemplateException {
        if (out.length() + text.length() > MAX_OUTPUT) {
            throw fault("more than " + MAX_OUTPUT + " characters of output");
        }
        out.append(text);
    }

    private void pop(int mark) {
        scope.subList(mark, scope.size()).clear();
    }

    private Flow range(Node.Range range, @Nullable Object dot) throws TemplateException {
        int mark = scope.size();
        Object value = pipe(range.pipe(), dot);
        pop(mark); // what the pipeline declared is set anew for each element
        List<Map.Entry<Object, Object>> entries = entries(range, value);
        for (Map.Entry<Object, Object> entry : entries) {
            visit(range);
            bind(range.pipe(), entry.getKey(), entry.getValue());
            Flow flow = walk(range.body(), entry.getValue());
            pop(mark);
            if (flow == Flow.BREAK) {
                return Flow.NEXT;
            }
        }
        if (entries.isEmpty()) {
            Flow flow = walk(range.otherwise(), dot);
            pop(mark);
            return flow;
        }
        return Flow.NEXT;
    }

    private void bind(Pipe pipe, Object key, Object element) throws TemplateException {
        List<Variable> declared = pipe.declared();
        for (int i = 0; i < declared.size(); i++) {
            Object value = i == declared.size() - 1 ? element : key;
            set(declared.get(i), value, pipe.assigns());
        }
    }

    private List<Map.Entry<Object, Object>> entries(Node.Range range, @Nullable Object value) throws TemplateException {
        List<Map.Entry<Object, Object>> entries = new ArrayList<>();
        if (value instanceof GoValue.Vector vector) {
            for (GoValue.Element element : vector.elements()) {
                entries.add(Map.entry((long) entries.size(), element));
            }
        } else if (value instanceof Labels labels) {
            for (int i = 0; i < labels.size(); i++) {
                entries.add(Map.entry(labels.name(i), labels.value(i)));
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object element = entry.getValue();
                entries.add(Map.entry(entry.getKey(), element == null ? "<no value>" : element));
            }
        } else if (value instanceof Long count && count <= MAX_STEPS) {
            for (long i = 0; i < count; i++) {
                entries.add(Map.entry(i, i));
            }
        } else {
            at = range.pipe();
            throw fault("range can't iterate over " + (value == null ? "<nil>" : GoValue.print(value)));
        }
        return entries;
    }

    private void call(Node.Call call, @Nullable Object dot) throws TemplateException {
        List<Step> body = template.definition(call.name());
        if (body == null) {
            throw fault("template " + GoText.quote(call.name()) + " not defined");
        }
        if (++calls > MAX_CALLS) {
            throw fault("exceeded maximum template depth (" + MAX_CALLS + ")");
        }
        Pipe pipe = call.pipe();
        Object argument = pipe == null ? null : pipe(pipe, dot);
        List<Binding> outer = scope;
        String caller = executing;
        scope = new ArrayList<>(List.of(new Binding("$", argument)));
        executing = call.name();
        walk(body, argument);
        scope = outer;
        executing = caller;
        calls--;
    }

    private @Nullable Object pipe(Pipe pipe, @Nullable Object dot) throws TemplateException {
        visit(pipe);
        Object value = null;
        boolean first = true;
        for (Command command : pipe.commands()) {
            value = command(command, dot, first ? null : new Final(value));
            first = false;
        }
        for (Variable variable : pipe.declared()) {
            set(variable, value, pipe.assigns());
        }
        return value;
    }

    /** The value that a pipeline hands to its next command. */
    private record Final(@Nullable Object value) {}

    private void set(Variable variable, @Nullable Object value, boolean assigns) throws TemplateException {
        String name = variable.names().get(0);
        if (!assigns) {
            scope.add(new Binding(name, value));
            return;
        }
        for (int i = scope.size() - 1; i >= 0; i--) {
            if (scope.get(i).name().equals(name)) {
                scope.set(i, new Binding(name, value));
                return;
            }
        }
        throw fault("undefined variable: " + name);
    }

    private @Nullable Object variable(String name) throws TemplateException {
        for (int i = scope.size() - 1; i >= 0; i--) {
            if (scope.get(i).name().equals(name)) {
                return scope.get(i).value();
            }
        }
        throw fault("undefined variable: " + name);
    }

    private @Nullable Object command(Command command, @Nullable Object dot, @Nullable Final last)
            throws TemplateException {
        Node first = command.args().get(0);
        if (first instanceof Node.Field field) {
            at = field;
            return fields(dot, field.names(), dot, command.args(), last);
        }
        if (first instanceof Node.Chain chain) {
            return chain(chain, dot, command.args(), last);
        }
        if (first instanceof Node.Identifier function) {
            return function(function, command, dot, command.args(), last);
        }
        if (first instanceof Variable variable) {
            return variable(variable, dot, command.args(), last);
        }
        if (!(first instanceof Pipe)) {
            visit(first);
        }
        if (command.args().size() > 1 || last != null) {
            throw fault("can't give argument to non-function " + first);
        }
        if (first instanceof Pipe pipe) {
            return pipe(pipe, dot);
        }
        if (first instanceof Node.Dot) {
            return dot;
        }
        if (first instanceof Node.Literal literal) {
            return literal.value();
        }
        throw fault("nil is not a command");
    }

    private @Nullable Object chain(Node.Chain chain, @Nullable Object dot, List<Node> args, @Nullable Final last)
            throws TemplateException {
        at = chain;
        Object receiver = chain.operand() instanceof Pipe pipe ? pipe(pipe, dot) : argument(chain.operand(), null, dot);
        return fields(receiver, chain.names(), dot, args, last);
    }

    private @Nullable Object variable(Variable variable, @Nullable Object dot, List<Node> args, @Nullable Final last)
            throws TemplateException {
        at = variable;
        Object value = variable(variable.names().get(0));
        if (variable.names().size() == 1) {
            if (args.size() > 1 || last != null) {
                throw fault("can't give argument to non-function " + args.get(0));
            }
            return value;
        }
        return fields(value, variable.names().subList(1, variable.names().size()), dot, args, last);
    }

    private @Nullable Object fields(
            @Nullable Object receiver, List<String> names, @Nullable Object dot, List<Node> args, @Nullable Final last)
            throws TemplateException {
        Object value = receiver;
        for (String name : names.subList(0, names.size() - 1)) {
            value = field(value, name, List.of(), dot, null);
        }
        return field(value, names.get(names.size() - 1), args, dot, last);
    }

    // Faults name the node that was looked at last, as Go's do, which may be one inside of the receiver.
    private @Nullable Object field(
            @Nullable Object receiver, String name, List<Node> args, @Nullable Object dot, @Nullable Final last)
            throws TemplateException {
        boolean given = args.size() > 1 || last != null;
        if (Members.hasMethods(receiver)) {
            List<@Nullable Object> values = new ArrayList<>();
            for (Node arg : args.subList(Math.min(1, args.size()), args.size())) {
                values.add(argument(arg, null, dot));
            }
            if (last != null) {
                values.add(last.value());
            }
            Object result = Members.method(receiver, name, values);
            if (result != null) {
                return result;
            }
        }
        boolean map = receiver instanceof Labels || receiver instanceof Map;
        if (given && map) {
            throw fault(name + " is not a method but has arguments");
        }
        if (!Members.has(receiver, name)) {
            throw fault("can't evaluate field " + name + " in type " + GoValue.type(receiver));
        }
        if (given) {
            throw fault(name + " has arguments but cannot be invoked as function");
        }
        return Members.field(receiver, name);
    }

    private @Nullable Object function(
            Node.Identifier identifier, Node node, @Nullable Object dot, List<Node> args, @Nullable Final last)
            throws TemplateException {
        visit(identifier);
        String name = identifier.name();
        TemplateFunction function = Objects.requireNonNull(functions.get(name));
        int given = args.size() - 1 + (last == null ? 0 : 1);
        String wrong = function.wrongCount(name, given);
        if (wrong != null) {
            throw fault(wrong);
        }
        if (name.equals("and") || name.equals("or")) {
            return shortCircuit(name.equals("or"), args, dot, last);
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 1; i < args.size(); i++) {
            values.add(argument(args.get(i), function.parameter(i - 1), dot));
        }
        if (last != null) {
            values.add(checked(last.value(), function.parameter(values.size())));
        }
        try {
            return function.body().call(values, expansion);
        } catch (TemplateException e) {
            at = node;
            throw fault("error calling " + name + ": " + e.text());
        }
    }

    private @Nullable Object shortCircuit(
            boolean endsOnTrue, List<Node> args, @Nullable Object dot, @Nullable Final last) throws TemplateException {
        Object value = null;
        for (int i = 1; i < args.size(); i++) {
            value = argument(args.get(i), null, dot);
            if (GoValue.isTrue(value) == endsOnTrue) {
                return value;
            }
        }
        return last == null ? value : last.value();
    }

    private @Nullable Object argument(Node node, TemplateFunction.@Nullable Parameter type, @Nullable Object dot)
            throws TemplateException {
        visit(node);
        Object value;
        if (node instanceof Node.Literal literal) {
            value = literal.value();
            if (type != null && !type.takes(value)) {
                throw fault(
                        type == TemplateFunction.Parameter.STRING
                                ? "expected string; found " + node
                                : "can't handle " + node + " for arg of type " + type.text());
            }
            return value;
        }
        if (node instanceof Node.Dot) {
            value = dot;
        } else if (node instanceof Node.Nil) {
            if (type == TemplateFunction.Parameter.STRING) {
                throw fault("cannot assign nil to string");
            }
            return type == TemplateFunction.Parameter.VECTOR ? new GoValue.Vector(List.of()) : null;
        } else if (node instanceof Node.Field field) {
            value = fields(dot, field.names(), dot, List.of(), null);
        } else if (node instanceof Variable variable) {
            value = variable(variable, dot, List.of(), null);
        } else if (node instanceof Pipe pipe) {
            value = pipe(pipe, dot);
        } else if (node instanceof Node.Identifier function) {
            value = function(function, function, dot, List.of(function), null);
        } else if (node instanceof Node.Chain chain) {
            value = chain(chain, dot, List.of(), null);
        } else {
            throw fault("can't handle " + node + " as an argument");
        }
        return type == null ? value : checked(value, type);
    }

    private @Nullable Object checked(@Nullable Object value, TemplateFunction.Parameter type) throws TemplateException {
        if (type.takes(value)) {
            return value;
        }
        if (value == null) {
            throw fault(
                    type == TemplateFunction.Parameter.STRING
                            ? "invalid value; expected string"
                            : "dereference of nil pointer of type " + type.text());
        }
        throw fault("wrong type for value; expected " + type.text() + "; got " + GoValue.type(value));
    }

    private TemplateException fault(String message) {
        String context = at.toString();
        return new TemplateException("template: " + template.name() + ":" + template.position(at.pos()) + ": executing "
                + GoText.quote(executing) + " at <" + context + ">: " + message);
    }
}
