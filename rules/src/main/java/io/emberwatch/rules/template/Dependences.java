package io.emberwatch.rules.template;

import io.emberwatch.rules.template.Node.Pipe;
import io.emberwatch.rules.template.Node.Step;
import io.emberwatch.rules.template.Template.Dependence;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what a template's expansion can depend on; in doubt, on more. */
final class Dependences {
    private static final Set<String> OUTSIDE = Set.of("query", "now");
    private static final Set<String> STEADY_FIELDS = Set.of("Labels", "ExternalLabels", "ExternalURL");
    private static final Set<String> STEADY_VARIABLES = Set.of("$labels", "$externalLabels", "$externalURL");

    private Dependences() {}

    static Dependence stronger(Dependence a, Dependence b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    static Dependence of(List<Step> steps) {
        Dependence found = Dependence.NOTHING;
        for (Step step : steps) {
            found = stronger(found, of(step));
        }
        return found;
    }

    private static Dependence of(Step step) {
        if (step instanceof Node.Action action) {
            return of(action.pipe());
        }
        if (step instanceof Node.If branch) {
            return all(branch.pipe(), branch.then(), branch.otherwise());
        }
        if (step instanceof Node.With with) {
            return all(with.pipe(), with.then(), with.otherwise());
        }
        if (step instanceof Node.Range range) {
            return all(range.pipe(), range.body(), range.otherwise());
        }
        return step instanceof Node.Call call ? of(call.pipe()) : Dependence.NOTHING;
    }

    private static Dependence all(Pipe pipe, List<Step> first, List<Step> second) {
        return stronger(of(pipe), stronger(of(first), of(second)));
    }

    private static Dependence of(@Nullable Pipe pipe) {
        Dependence found = Dependence.NOTHING;
        if (pipe != null) {
            for (Node.Command command : pipe.commands()) {
                for (Node arg : command.args()) {
                    found = stronger(found, of(arg));
                }
            }
        }
        return found;
    }

    private static Dependence of(Node node) {
        if (node instanceof Node.Literal || node instanceof Node.Nil) {
            return Dependence.NOTHING;
        }
        if (node instanceof Node.Identifier function) {
            return OUTSIDE.contains(function.name()) ? Dependence.SURROUNDINGS : Dependence.NOTHING;
        }
        if (node instanceof Node.Field field) {
            return STEADY_FIELDS.contains(field.names().get(0)) ? Dependence.LABELS : Dependence.VALUE;
        }
        if (node instanceof Node.Variable variable) {
            return STEADY_VARIABLES.contains(variable.names().get(0)) ? Dependence.LABELS : Dependence.VALUE;
        }
        if (node instanceof Node.Chain chain) {
            return of(chain.operand());
        }
        return node instanceof Pipe pipe ? of(pipe) : Dependence.VALUE;
    }
}
