import { _t } from "@web/core/l10n/translation";

import { TapStore } from "../tap_screen/tap_store";

export const CHOICES = [
    { id: "yes", label: _t("Yes"), icon: "fa-thumbs-o-up", key: "y" },
    { id: "no", label: _t("No"), icon: "fa-thumbs-o-down", key: "n" },
    { id: "abstained", label: _t("Abstain"), icon: "fa-minus", key: "a" },
];

const getOpen = (row) => row.votes.filter((vote) => vote.can_vote);
const areSame = (values) => values.every((value) => value === values[0]);

/**
 * The votes on decisions of one meeting as the screen shows them, a row for each seat. Of several
 * decisions that are voted on as one, a tap goes to all in which the seat may vote.
 *
 * A tap carries what the screen showed before: the server refuses it where somebody else has voted
 * on the seat meanwhile, and takes what is sent twice once.
 */
export class VoteStore extends TapStore {
    constructor(services, meetingId) {
        super(services, meetingId);
        this.decisions = [];
        this.chosen = [];
        this.last = "";
        this.later = [];
    }

    // -- Exchange with the server -----------------------------------------------------------

    read() {
        return this.ask("vote_screen_read");
    }

    sendTaps(taps) {
        return this.ask("vote_screen_tap", taps.flatMap(toServer));
    }

    /** What was asked of other decisions than are chosen by now is not shown any more. */
    async ask(method, ...args) {
        const asked = this.chosen;
        return { ...(await this.rpc(method, ...args, asked)), asked };
    }

    receive(data) {
        if (!data.asked || data.asked === this.chosen) {
            super.receive(data);
        }
    }

    receiveRest({ decisions, chosen, last, later }) {
        Object.assign(this, { decisions, last, later });
        if (String(this.chosen) !== String(chosen)) {
            this.chosen = chosen;
        }
    }

    /** Show other decisions. What was tapped so far is sent first. */
    async choose(ids) {
        await this.flush();
        this.chosen = ids;
        this.undoStack = [];
        await this.reload();
    }

    toggleChosen(id) {
        const others = this.chosen.filter((each) => each !== id);
        return this.choose(others.length < this.chosen.length ? others : [...this.chosen, id]);
    }

    // -- What is tapped ---------------------------------------------------------------------

    /** A second tap on the same choice takes it back, unless the vote is secret. */
    toggleChoice(row, choice) {
        const votes = getOpen(row);
        const isSame = votes.length && votes.every((vote) => vote.choice === choice);
        if (!votes.length || (isSame && this.isJustMarked(row))) {
            return;
        }
        const wanted = isSame ? "not_voted" : choice;
        this.mark(row, Object.fromEntries(votes.map((vote) => [vote.decision_id, wanted])));
    }

    mark(row, values) {
        const marks = this.marksOf(row);
        if (Object.keys(marks).length) {
            super.mark(row, values);
        } else {
            this.send([[row.id], values]);
        }
    }

    send(...taps) {
        const rows = new Map(this.rows.map((row) => [row.id, row]));
        for (const tap of taps) {
            // What it finds is said with the tap, as earlier ones have left it
            const [ids, values] = tap;
            tap[2] = ids.map((id) => choicesOf(rows.get(id)));
            this.apply(ids, values);
            this.queue.push(tap);
        }
        return this.flush();
    }

    applyTo(row, values) {
        for (const vote of row.votes) {
            const choice = values[vote.decision_id];
            if (choice && vote.is_secret) {
                Object.assign(vote, { choice: "voted", can_vote: false });
            } else if (choice) {
                vote.choice = choice;
            }
        }
    }

    /** What can be taken back: of a secret vote nothing. */
    marksOf(row) {
        return choicesOf({ votes: getOpen(row).filter((vote) => !vote.is_secret) });
    }

    markOf(row) {
        return JSON.stringify(choicesOf(row));
    }

    voteRest(choice) {
        return this.operate(_t("the rest"), "vote_screen_rest", this.chosen, choice);
    }

    repeatLast() {
        return this.operate(_t("as the last vote"), "vote_screen_repeat", this.chosen);
    }

    /** Open, interrupt or close the vote, or count hands: not undone by a tap. */
    async settle(method, ...args) {
        const isDone = await this.operate("", method, ...args);
        if (isDone) {
            this.undoStack = [];
        }
        return isDone;
    }

    // -- What is read -----------------------------------------------------------------------

    /** Those that are chosen, once the server has said what they come to. */
    get chosenDecisions() {
        return this.decisions.filter(({ id, live }) => live && this.chosen.includes(id));
    }

    /** The chosen decisions in one of the states. */
    inState(...states) {
        return this.chosenDecisions.filter((decision) => states.includes(decision.state));
    }

    get isOpen() {
        return this.inState("open").length > 0;
    }

    /** What the row shows of its votes: one choice, or that they differ. */
    choiceOf(row) {
        const open = getOpen(row);
        const choices = (open.length ? open : row.votes).map((vote) => vote.choice);
        return areSame(choices) ? choices[0] : "mixed";
    }

    canVote(row) {
        return getOpen(row).length > 0;
    }

    countRest() {
        return this.rows.filter((row) =>
            getOpen(row).some((vote) => vote.choice === "not_voted")
        ).length;
    }

    countChoice(choice) {
        return this.rows.filter((row) => row.votes.some((vote) => vote.choice === choice)).length;
    }
}

function choicesOf(row) {
    return Object.fromEntries((row?.votes || []).map((vote) => [vote.decision_id, vote.choice]));
}

function toServer([ids, values, before]) {
    return ids.flatMap((id, index) =>
        Object.entries(values).map(([decision, choice]) => [
            id,
            Number(decision),
            before[index][decision] || "not_voted",
            choice,
        ])
    );
}
