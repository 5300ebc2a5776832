import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

import { CHOICES } from "./vote_store";

/** What the votes come to, before somebody closes them. */
export class VoteCloseDialog extends Component {
    static template = "partnership_management.VoteCloseDialog";
    static components = { Dialog };
    static props = { store: Object, close: Function };

    setup() {
        this.store = useState(this.props.store);
    }

    get decisions() {
        return this.store.inState("open", "interrupted");
    }

    async confirm() {
        const ids = this.decisions.map(({ id }) => id);
        const results = this.decisions
            .filter(({ live }) => live.result)
            .map(({ id, live }) => [id, live.result]);
        if (await this.store.settle("vote_screen_close", ids, results)) {
            this.props.close();
        } else {
            await this.store.reload();
        }
    }
}

/** Hands that were counted, by group. */
export class VoteHandsDialog extends Component {
    static template = "partnership_management.VoteHandsDialog";
    static components = { Dialog };
    static props = { decision: Object, store: Object, close: Function };

    setup() {
        this.choices = CHOICES;
        this.state = useState({
            lines: this.props.decision.hands.map((line) => ({ ...line })),
        });
    }

    count(line) {
        return CHOICES.reduce((sum, { id }) => sum + (line[id] || 0), 0);
    }

    get isOver() {
        return this.state.lines.some((line) => this.count(line) > line.voters);
    }

    /** Whoever is there and is not counted against or abstained is in favour. */
    fillYes(line) {
        line.yes = Math.max(0, line.voters - (line.no || 0) - (line.abstained || 0));
    }

    setCount(line, choice, ev) {
        line[choice] = Math.max(0, Math.trunc(Number(ev.target.value)) || 0);
    }

    async save() {
        const lines = this.state.lines.map((line) => [
            line.key,
            ...CHOICES.map(({ id }) => line[id]),
        ]);
        const { decision, store } = this.props;
        if (await store.settle("vote_screen_hands", decision.id, lines)) {
            this.props.close();
        }
    }
}

/** To which meeting the questions go. */
export class VoteDeferDialog extends Component {
    static template = "partnership_management.VoteDeferDialog";
    static components = { Dialog };
    static props = { ids: Array, store: Object, close: Function };

    async defer(meetingId) {
        if (await this.props.store.settle("vote_screen_defer", this.props.ids, meetingId)) {
            this.props.close();
        }
    }
}
