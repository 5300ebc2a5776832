import { Component, onWillStart, useState } from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { normalize } from "@web/core/l10n/utils/normalize";
import { useService } from "@web/core/utils/hooks";

import { formatHour, isPresent, isThroughout } from "./sheet_hours";
import { speaksWithRight, STATUSES } from "./sheet_store";

const SEARCH_LIMIT = 8;

/**
 * Choose a contact, or type the name of a new one. Unlike the field of a form it can create one
 * on a phone too.
 */
export class ContactInput extends Component {
    static template = "partnership_management.SheetContactInput";
    static components = { AutoComplete };
    static props = {
        id: String,
        placeholder: String,
        isCompany: Boolean,
        value: { type: [Object, Boolean] },
        parentId: { type: [Number, Boolean], optional: true },
        autofocus: { type: Boolean, optional: true },
        onChosen: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.sources = [{ placeholder: _t("Loading..."), options: (name) => this.load(name) }];
    }

    /** Before a name is typed: the contacts of the organisation. */
    async load(name) {
        const { isCompany, parentId, onChosen } = this.props;
        name = name.trim();
        const options = [];
        if (name || parentId) {
            const domain = [["is_company", "=", isCompany]];
            const found = await this.orm.call("res.partner", "name_search", [], {
                name,
                domain: name ? domain : [...domain, ["parent_id", "=", parentId]],
                limit: SEARCH_LIMIT,
            });
            for (const [id, label] of found) {
                options.push({ label: label.split("\n")[0], onSelect: () => this.choose(id) });
            }
        }
        if (name) {
            options.push({
                cssClass: "o_m2o_dropdown_option o_m2o_dropdown_option_create",
                label: _t('Create "%s"', name),
                onSelect: () => onChosen({ name }),
            });
        }
        return options;
    }

    async choose(id) {
        const [contact] = await this.orm.read("res.partner", [id], ["name", "parent_id"]);
        this.props.onChosen({ id, name: contact.name, parent: contact.parent_id });
    }

    onChange({ inputValue }) {
        if (!inputValue) {
            this.props.onChosen(false);
        }
    }
}

/** Everything about one row that is more than a tap. */
export class SheetRowDialog extends Component {
    static template = "partnership_management.SheetRowDialog";
    static components = { ContactInput, Dialog };
    static props = { row: Object, store: Object, close: Function };

    setup() {
        this.store = useState(this.props.store);
        // A reason that is being typed stays when the sheet is refreshed
        this.state = useState({ needle: "", reason: null });
        this.statuses = STATUSES;
        this.modes = [
            { id: "in_person", label: _t("In person") },
            { id: "remote", label: _t("Remote") },
        ];
    }

    /** The row as it is now: a refresh may have replaced it. */
    get row() {
        const { row } = this.props;
        return this.store.rows.find(({ id }) => id === row.id) || row;
    }

    get title() {
        const { member, person } = this.row;
        return person && person.name !== member && member
            ? `${person.name} (${member})`
            : member || person.name;
    }

    get isAway() {
        return !isPresent(this.row);
    }

    get canHaveSubstitute() {
        return this.row.seat_id && this.row.is_lead && this.isAway;
    }

    get canGiveProxy() {
        const { proxy_allowed } = this.store.meeting;
        const isPartlyAway = !isThroughout(this.row, this.store.meeting);
        return isPartlyAway && (this.row.proxy || (proxy_allowed && speaksWithRight(this.row)));
    }

    get leftText() {
        const { check_out } = this.row;
        return check_out ? _t("Left %s", formatHour(check_out, this.store.meeting)) : _t("Left now");
    }

    /** Who may vote for it: those who are there with a mandate, and the votes they have. */
    get voters() {
        const { store, row } = this;
        const voters = new Map();
        const there = store.rows.filter(
            (other) =>
                isPresent(other) &&
                speaksWithRight(other) &&
                (!other.check_out || other.person.id === row.proxy.id)
        );
        for (const { person, member } of there) {
            if (person.id !== row.person.id) {
                const held = store.givers(person).filter((giver) => giver.id !== row.id).length;
                voters.set(person.id, {
                    ...person,
                    member: member !== person.name ? member : "",
                    held,
                    isFull: held >= store.meeting.proxy_max,
                });
            }
        }
        return [...voters.values()].sort((a, b) => a.name.localeCompare(b.name));
    }

    get shownVoters() {
        const needle = normalize(this.state.needle);
        return this.voters.filter(({ name, member }) =>
            normalize(`${name} ${member}`).includes(needle)
        );
    }

    get isProxyGone() {
        const { proxy } = this.row;
        return proxy && !this.voters.some((voter) => voter.id === proxy.id);
    }

    setReason(ev) {
        const reason = ev.target.value.trim();
        this.state.reason = null;
        if (reason !== this.row.reason) {
            this.store.mark(this.row, { reason });
        }
    }

    setProxy(voter) {
        const isSame = this.row.proxy && this.row.proxy.id === voter.id;
        const status = this.row.status === "not_recorded" ? { status: "excused" } : {};
        this.store.mark(this.row, {
            ...status,
            proxy: isSame ? false : { id: voter.id, name: voter.name },
        });
    }

    async cameInstead(person) {
        if (person && (await this.store.cameInstead(this.row, person))) {
            this.props.close();
        }
    }

    setStatus(status) {
        this.store.toggleStatus(this.row, status);
    }

    setMode(mode) {
        this.store.mark(this.row, { mode: this.row.mode === mode ? "unknown" : mode });
    }
}

/** Add somebody who is not on the sheet. */
export class SheetAddDialog extends Component {
    static template = "partnership_management.SheetAddDialog";
    static components = { ContactInput, Dialog };
    static props = { store: Object, close: Function };

    setup() {
        this.state = useState({ person: false, organisation: false, isBusy: false });
    }

    setPerson(person) {
        this.state.person = person;
        if (person?.parent && !this.state.organisation) {
            const [id, name] = person.parent;
            this.state.organisation = { id, name };
        }
    }

    setOrganisation(organisation) {
        this.state.organisation = organisation;
    }

    async add() {
        this.state.isBusy = true;
        if (await this.props.store.add(this.state.person, this.state.organisation)) {
            this.props.close();
        }
        this.state.isBusy = false;
    }
}

/** The check-in code, large enough for a room. */
export class SheetCodeDialog extends Component {
    static template = "partnership_management.SheetCodeDialog";
    static components = { Dialog };
    static props = { store: Object, close: Function };

    setup() {
        onWillStart(async () => {
            this.code = await this.props.store.rpc("attendance_sheet_code");
        });
    }
}
