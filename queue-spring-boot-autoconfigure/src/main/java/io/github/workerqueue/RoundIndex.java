package io.github.workerqueue;

/** Conversion of tickets to indexes: the index of a task is its ticket minus the first ticket of its round. */
final class RoundIndex {

    /** First ticket of the current round. Written under the lock of {@link Quiescence}. */
    private volatile long firstTicket;

    /** First ticket of the round in which the oldest task of an absent slot began; that of this round if there is none. */
    private volatile long firstTicketOfAbsent;

    /** Returns the index of a task that has not ended. */
    long of(long ticket) {
        long first = firstTicket;
        return ticket - (ticket < first ? firstTicketOfAbsent : first);
    }

    long firstTicket() {
        return firstTicket;
    }

    /** Begins a round with this ticket. The tasks of absent slots keep the indexes of the round in which they began. */
    void beginRound(long ticket, boolean hasAbsent) {
        if (!hasAbsent) {
            firstTicketOfAbsent = ticket;
        }
        firstTicket = ticket;
    }
}
