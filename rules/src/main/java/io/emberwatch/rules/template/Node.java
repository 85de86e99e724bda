package io.emberwatch.rules.template;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parse tree; {@code toString} of an operand is its text in error messages, as Go prints it. */
sealed interface Node {
    /** Offset in the template's text, in UTF-16 units. */
    int pos();

    /** What a template consists of at its top level and inside of blocks. */
    sealed interface Step extends Node {}

    record Text(int pos, String text) implements Step {}

    record Action(int pos, Pipe pipe) implements Step {}

    record If(int pos, Pipe pipe, List<Step> then, List<Step> otherwise) implements Step {}

    record With(int pos, Pipe pipe, List<Step> then, List<Step> otherwise) implements Step {}

    record Range(int pos, Pipe pipe, List<Step> body, List<Step> otherwise) implements Step {}

    record Call(int pos, String name, @Nullable Pipe pipe) implements Step {
        @Override
        public String toString() {
            return "{{template \"" + name + "\"" + (pipe == null ? "" : " " + pipe) + "}}";
        }
    }

    record Break(int pos) implements Step {}

    record Continue(int pos) implements Step {}

    /** {@code $x := a | b}. */
    record Pipe(int pos, List<Variable> declared, boolean assigns, List<Command> commands) implements Node {
        @Override
        public String toString() {
            String left = declared.isEmpty()
                    ? ""
                    : declared.stream().map(Variable::toString).collect(Collectors.joining(", "))
                            + (assigns ? " = " : " := ");
            return left + commands.stream().map(Command::toString).collect(Collectors.joining(" | "));
        }
    }

    /** A function, field or operand with its arguments. */
    record Command(int pos, List<Node> args) implements Node {
        @Override
        public String toString() {
            return args.stream()
                    .map(arg -> arg instanceof Pipe ? "(" + arg + ")" : arg.toString())
                    .collect(Collectors.joining(" "));
        }
    }

    record Identifier(int pos, String name) implements Node {
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@code .Labels.job}. */
    record Field(int pos, List<String> names) implements Node {
        @Override
        public String toString() {
            return "." + String.join(".", names);
        }
    }

    /** {@code $x.Labels.job}; the first name is {@code $x}. */
    record Variable(int pos, List<String> names) implements Node {
        @Override
        public String toString() {
            return String.join(".", names);
        }
    }

    /** {@code (pipe).Labels.job}. */
    record Chain(int pos, Node operand, List<String> names) implements Node {
        @Override
        public String toString() {
            return (operand instanceof Pipe ? "(" + operand + ")" : operand.toString()) + "." + String.join(".", names);
        }
    }

    record Dot(int pos) implements Node {
        @Override
        public String toString() {
            return ".";
        }
    }

    record Nil(int pos) implements Node {
        @Override
        public String toString() {
            return "nil";
        }
    }

    /** A string, number, character or boolean; {@code value} is a String, Long, Double or Boolean. */
    record Literal(int pos, String text, Object value) implements Node {
        @Override
        public String toString() {
            return text;
        }
    }
}
