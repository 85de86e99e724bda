package io.emberwatch.rules.template;

import io.emberwatch.rules.template.Node.Command;
import io.emberwatch.rules.template.Node.Pipe;
import io.emberwatch.rules.template.Node.Step;
import io.emberwatch.rules.template.Node.Variable;
import io.emberwatch.rules.template.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the parse tree; faults are worded as Go's {@code text/template/parse} words them. */
final class Parser {
    /** How deep blocks and parentheses may nest. */
    private static final int MAX_DEPTH = 200;

    private final Set<String> functions;
    private final TokenCursor tokens;
    private final Map<String, List<Step>> definitions = new HashMap<>();
    private Deque<String> variables = new ArrayDeque<>(List.of("$"));
    private int rangeDepth;
    private int depth;

    private Parser(String name, String text, Set<String> functions) {
        this.functions = functions;
        this.tokens = new TokenCursor(name, text);
    }

    /** The template and every template that it defines, by name; its own name stands for the whole text. */
    static Map<String, List<Step>> parse(String name, String text, Set<String> functions) throws TemplateException {
        Parser parser = new Parser(name, text, functions);
        List<Step> main = parser.parseMain();
        parser.definitions.put(name, main);
        return parser.definitions;
    }

    private List<Step> parseMain() throws TemplateException {
        List<Step> steps = new ArrayList<>();
        while (tokens.peek().kind() != Kind.EOF) {
            if (tokens.isAtDefinition()) {
                define();
            } else {
                Block block = new Block(steps);
                step(block);
                if (block.end != null) {
                    throw tokens.fault("unexpected {{" + block.end + "}}");
                }
            }
        }
        return List.copyOf(steps);
    }

    private void define() throws TemplateException {
        tokens.take();
        tokens.takeSolid();
        String defined = templateName("define clause");
        tokens.expect(Kind.RIGHT, "define clause");
        Deque<String> outer = variables;
        int outerRange = rangeDepth;
        variables = new ArrayDeque<>(List.of("$"));
        rangeDepth = 0;
        Block body = list();
        if (!"end".equals(body.end)) {
            throw tokens.fault("unexpected {{" + body.end + "}} in define clause");
        }
        variables = outer;
        rangeDepth = outerRange;
        definitions.put(defined, List.copyOf(body.steps));
    }

    /** Steps up to an {@code end} or {@code else}. */
    private static final class Block {
        final List<Step> steps;

        @Nullable
        String end;

        Block(List<Step> steps) {
            this.steps = steps;
        }
    }

    private Block list() throws TemplateException {
        if (++depth > MAX_DEPTH) {
            throw tokens.fault("blocks nest deeper than " + MAX_DEPTH);
        }
        Block block = new Block(new ArrayList<>());
        while (tokens.peek().kind() != Kind.EOF) {
            step(block);
            if (block.end != null) {
                depth--;
                return block;
            }
        }
        throw tokens.fault("unexpected EOF");
    }

    private void step(Block block) throws TemplateException {
        Token token = tokens.takeSolid();
        switch (token.kind()) {
            case TEXT -> block.steps.add(new Node.Text(token.pos(), token.text()));
            case LEFT -> action(block);
            default -> throw tokens.unexpected(token, "input");
        }
    }

    private void action(Block block) throws TemplateException {
        Token token = tokens.peekSolid();
        if (token.kind() != Kind.KEYWORD) {
            block.steps.add(new Node.Action(token.pos(), pipeline("command", Kind.RIGHT)));
            return;
        }
        tokens.takeSolid();
        switch (token.text()) {
            case "if", "with" -> block.steps.add(branch(token));
            case "range" -> block.steps.add(range(token));
            case "template" -> block.steps.add(template());
            case "block" -> block.steps.add(block());
            case "break", "continue" -> {
                expectRight(token.text());
                if (rangeDepth == 0) {
                    throw tokens.fault("{{" + token.text() + "}} outside {{range}}");
                }
                block.steps.add(
                        token.text().equals("break") ? new Node.Break(token.pos()) : new Node.Continue(token.pos()));
            }
            case "end" -> {
                expectRight("end");
                block.end = "end";
            }
            case "else" -> {
                Token after = tokens.peekSolid();
                if (!after.isKeyword("if") && !after.isKeyword("with")) {
                    tokens.expect(Kind.RIGHT, "else");
                }
                block.end = "else";
            }
            default -> throw tokens.unexpected(token, "command");
        }
    }

    private void expectRight(String context) throws TemplateException {
        Token token = tokens.takeSolid();
        if (token.kind() != Kind.RIGHT) {
            throw tokens.unexpected(token, "{{" + context + "}}");
        }
    }

    private Step branch(Token keyword) throws TemplateException {
        int scope = variables.size();
        Pipe pipe = pipeline(keyword.text(), Kind.RIGHT);
        Block then = list();
        List<Step> otherwise = otherwise(keyword.text(), then);
        restore(scope);
        return keyword.text().equals("if")
                ? new Node.If(pipe.pos(), pipe, List.copyOf(then.steps), otherwise)
                : new Node.With(pipe.pos(), pipe, List.copyOf(then.steps), otherwise);
    }

    private Step range(Token keyword) throws TemplateException {
        int scope = variables.size();
        Pipe pipe = pipeline("range", Kind.RIGHT);
        rangeDepth++;
        Block body = list();
        rangeDepth--;
        List<Step> otherwise = otherwise(keyword.text(), body);
        restore(scope);
        return new Node.Range(pipe.pos(), pipe, List.copyOf(body.steps), otherwise);
    }

    // {{else if x}} and {{else with x}} stand for an else that holds a whole if or with, its end shared.
    private List<Step> otherwise(String keyword, Block then) throws TemplateException {
        if ("end".equals(then.end)) {
            return List.of();
        }
        Token chained = tokens.peekSolid();
        if (chained.isKeyword("if") || chained.isKeyword("with")) {
            if (!chained.text().equals(keyword)) {
                throw tokens.unexpected(chained, "input");
            }
            tokens.takeSolid();
            return List.of(branch(chained));
        }
        Block block = list();
        if (!"end".equals(block.end)) {
            throw tokens.fault("expected end; found {{" + block.end + "}}");
        }
        return List.copyOf(block.steps);
    }

    private Step template() throws TemplateException {
        int pos = tokens.peekSolid().pos();
        String called = templateName("template clause");
        Pipe pipe = null;
        if (tokens.peekSolid().kind() == Kind.RIGHT) {
            tokens.takeSolid();
        } else {
            pipe = pipeline("template clause", Kind.RIGHT);
        }
        return new Node.Call(pos, called, pipe);
    }

    private Step block() throws TemplateException {
        int pos = tokens.peekSolid().pos();
        String defined = templateName("block clause");
        Pipe pipe = pipeline("block clause", Kind.RIGHT);
        Deque<String> outer = variables;
        variables = new ArrayDeque<>(List.of("$"));
        Block body = list();
        if (!"end".equals(body.end)) {
            throw tokens.fault("unexpected {{" + body.end + "}} in block clause");
        }
        variables = outer;
        definitions.put(defined, List.copyOf(body.steps));
        return new Node.Call(pos, defined, pipe);
    }

    private String templateName(String context) throws TemplateException {
        Token token = tokens.takeSolid();
        if (token.kind() != Kind.STRING && token.kind() != Kind.RAW_STRING) {
            throw tokens.unexpected(token, context);
        }
        return tokens.unquote(token);
    }

    private Pipe pipeline(String context, Kind end) throws TemplateException {
        Token first = tokens.peekSolid();
        List<Variable> declared = new ArrayList<>();
        boolean assigns = declarations(context, declared);
        List<Command> commands = new ArrayList<>();
        while (true) {
            Token token = tokens.takeSolid();
            if (token.kind() == end) {
                checkPipeline(commands, context);
                return new Pipe(first.pos(), List.copyOf(declared), assigns, List.copyOf(commands));
            }
            switch (token.kind()) {
                case BOOL, CHAR, DOT, FIELD, IDENTIFIER, NUMBER, NIL, RAW_STRING, STRING, VARIABLE, LEFT_PAREN -> {
                    tokens.back();
                    commands.add(command());
                }
                default -> throw tokens.unexpected(token, context);
            }
        }
    }

    private boolean declarations(String context, List<Variable> declared) throws TemplateException {
        while (true) {
            Token variable = tokens.peekSolid();
            if (variable.kind() != Kind.VARIABLE) {
                return false;
            }
            int mark = tokens.mark();
            tokens.takeSolid();
            Token operator = tokens.peekSolid();
            if (operator.kind() == Kind.ASSIGN || operator.kind() == Kind.DECLARE) {
                tokens.takeSolid();
                return declare(variable, operator.kind() == Kind.ASSIGN, declared);
            }
            if (operator.kind() != Kind.COMMA) {
                tokens.reset(mark);
                return false;
            }
            tokens.takeSolid();
            declare(variable, false, declared);
            if (!context.equals("range") || declared.size() >= 2) {
                throw tokens.fault("too many declarations in " + context);
            }
            if (tokens.peekSolid().kind() != Kind.VARIABLE) {
                throw tokens.fault("range can only initialize variables");
            }
        }
    }

    private boolean declare(Token variable, boolean assigns, List<Variable> declared) {
        declared.add(new Variable(variable.pos(), List.of(variable.text())));
        variables.push(variable.text());
        return assigns;
    }

    private void checkPipeline(List<Command> commands, String context) throws TemplateException {
        if (commands.isEmpty()) {
            throw tokens.fault("missing value for " + context);
        }
        for (int i = 1; i < commands.size(); i++) {
            Node first = commands.get(i).args().get(0);
            if (first instanceof Node.Literal || first instanceof Node.Dot || first instanceof Node.Nil) {
                throw tokens.fault("non executable command in pipeline stage " + (i + 1));
            }
        }
    }

    private Command command() throws TemplateException {
        Token first = tokens.peekSolid();
        List<Node> args = new ArrayList<>();
        while (true) {
            Node operand = operand(tokens.peekSolid());
            if (operand != null) {
                args.add(operand);
            }
            Token token = tokens.take();
            if (token.kind() == Kind.SPACE) {
                continue;
            }
            switch (token.kind()) {
                case RIGHT, RIGHT_PAREN -> tokens.back();
                case PIPE -> {
                    // the next command follows
                }
                default -> throw tokens.unexpected(token, "operand");
            }
            if (args.isEmpty()) {
                throw tokens.fault("empty command");
            }
            return new Command(first.pos(), List.copyOf(args));
        }
    }

    private @Nullable Node operand(Token token) throws TemplateException {
        Node node = term(token);
        if (node == null || tokens.peek().kind() != Kind.FIELD) {
            return node;
        }
        int pos = tokens.peek().pos();
        List<String> names = new ArrayList<>();
        while (tokens.peek().kind() == Kind.FIELD) {
            names.add(tokens.take().text().substring(1));
        }
        if (node instanceof Node.Field field) {
            List<String> all = new ArrayList<>(field.names());
            all.addAll(names);
            return new Node.Field(pos, List.copyOf(all));
        }
        if (node instanceof Variable variable) {
            List<String> all = new ArrayList<>(variable.names());
            all.addAll(names);
            return new Variable(pos, List.copyOf(all));
        }
        if (node instanceof Node.Literal || node instanceof Node.Dot || node instanceof Node.Nil) {
            throw tokens.fault("unexpected . after term " + GoText.quote(node.toString()));
        }
        return new Node.Chain(pos, node, List.copyOf(names));
    }

    private @Nullable Node term(Token token) throws TemplateException {
        switch (token.kind()) {
            case IDENTIFIER -> {
                tokens.takeSolid();
                if (!functions.contains(token.text())) {
                    throw tokens.fault("function " + GoText.quote(token.text()) + " not defined");
                }
                return new Node.Identifier(token.pos(), token.text());
            }
            case DOT -> {
                tokens.takeSolid();
                return new Node.Dot(token.pos());
            }
            case NIL -> {
                tokens.takeSolid();
                return new Node.Nil(token.pos());
            }
            case VARIABLE -> {
                tokens.takeSolid();
                requireVariable(token.text());
                return new Variable(token.pos(), List.of(token.text()));
            }
            case FIELD -> {
                tokens.takeSolid();
                return new Node.Field(token.pos(), List.of(token.text().substring(1)));
            }
            case BOOL, CHAR, NUMBER, STRING, RAW_STRING -> {
                tokens.takeSolid();
                return new Node.Literal(token.pos(), token.text(), tokens.literal(token));
            }
            case LEFT_PAREN -> {
                tokens.takeSolid();
                if (++depth > MAX_DEPTH) {
                    throw tokens.fault("parentheses nest deeper than " + MAX_DEPTH);
                }
                Pipe pipe = pipeline("parenthesized pipeline", Kind.RIGHT_PAREN);
                depth--;
                return pipe;
            }
            default -> {
                return null;
            }
        }
    }

    private void requireVariable(String variable) throws TemplateException {
        if (!variables.contains(variable)) {
            throw tokens.fault("undefined variable " + GoText.quote(variable));
        }
    }

    private void restore(int scope) {
        while (variables.size() > scope) {
            variables.pop();
        }
    }
}
