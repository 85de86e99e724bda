package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;

/** How an operation makes its result lose the names of its operands. */
final class NameDrop {
    private final boolean delayed;
    private final Derived<Renaming> renaming = new Derived<>();

    /** @param delayed whether names go at the end of the query */
    NameDrop(boolean delayed) {
        this.delayed = delayed;
    }

    private Renaming renaming(Frame frame) throws QueryException {
        return renaming.get(
                frame, () -> delayed ? Renaming.dropLater(frame.labels()) : Renaming.dropNow(frame.labels()));
    }

    Frame apply(Frame frame, Run run) throws QueryException {
        return renaming(frame).apply(frame, run);
    }

    /** As {@link #apply}; series that lose what kept them apart are an error even if they never meet. */
    Frame applyApart(Frame frame, Run run) throws QueryException {
        return renaming(frame).applyApart(frame, run);
    }
}
