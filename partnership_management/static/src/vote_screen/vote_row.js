import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { CHOICES } from "./vote_store";

const WAYS = { titular: "", alternate: _t("Deputy"), proxy: _t("Proxy") };
const REASONS = {
    voted: _t("Has voted"),
    recused: _t("Recused"),
    absent: _t("Absent"),
    excused: _t("Excused"),
    vacant: _t("Nobody holds this seat"),
};

/** One seat, with its buttons. */
export class VoteRow extends Component {
    static template = "partnership_management.VoteRow";
    static props = {
        row: Object,
        store: Object,
        isSelected: Boolean,
        onSelect: Function,
        onTap: Function,
    };

    setup() {
        this.choices = CHOICES;
    }

    get choice() {
        return this.props.store.choiceOf(this.props.row);
    }

    get canVote() {
        return this.props.store.canVote(this.props.row);
    }

    /** Of several decisions the first in which the seat may vote stands for it. */
    get vote() {
        const { votes } = this.props.row;
        return votes.find((vote) => vote.can_vote) || votes[0];
    }

    get subtitle() {
        const { person, way } = this.vote;
        const shown = person === this.props.row.member ? "" : person;
        return [shown, person && WAYS[way]].filter(Boolean).join(" · ");
    }

    get notes() {
        const { row, store } = this.props;
        const notes = [];
        if (this.vote.channel === "phone") {
            notes.push({ icon: "fa-mobile", text: _t("By phone") });
        }
        if (this.vote.has_left) {
            notes.push({ icon: "fa-sign-out", text: _t("Nobody is there for it any more") });
        }
        for (const vote of row.votes) {
            const reason = REASONS[vote.choice];
            if (reason && (row.votes.length === 1 || vote.choice !== this.vote.choice)) {
                const { name } = store.decisions.find(({ id }) => id === vote.decision_id) || {};
                const isOne = row.votes.length === 1;
                notes.push({ icon: "", text: isOne ? reason : `${name}: ${reason}` });
            }
        }
        if (row.votes.length > 1 && REASONS[this.vote.choice]) {
            notes.unshift({ icon: "", text: REASONS[this.vote.choice] });
        }
        return notes;
    }
}
