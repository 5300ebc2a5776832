import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { findNeighbour, placeLabels, zoomBox } from "./network_geometry";

const ARROWS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
};
const HUES = 12;
const MARGIN = 20;
const HALF_NAME = 75; // pixels
const BARS = 250; // pixels that are not of the picture, before they can be measured

/** The members of a partnership and their ties on a day, as a picture. */
export class RelationNetwork extends Component {
    static template = "partnership_management.RelationNetwork";
    static components = { DateTimeInput, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.svg = useRef("svg");
        const { active_id, active_model } = this.props.action.context;
        this.state = useState({
            partnershipId: active_model === "partnership.partnership" && active_id,
            date: false,
            hidden: ["none"],
            isLoneShown: false,
            selectedId: false,
            hoveredId: false,
            box: null,
            size: { width: 1, height: 1 },
            network: null,
            ...this.props.state,
        });
        useSetupAction({
            getLocalState: () => {
                const { partnershipId, date, hidden, isLoneShown, selectedId } = this.state;
                return { partnershipId, date, hidden, isLoneShown, selectedId };
            },
        });
        useExternalListener(window, "resize", () => this.measure());
        onWillStart(() => this.load());
        onMounted(() => this.measure());
        onPatched(() => this.measure());
    }

    // Data ----------------------------------------------------------------------------------

    async load() {
        const { partnershipId, date } = this.state;
        const aspect = this.svg.el
            ? this.svg.el.clientWidth / Math.max(this.svg.el.clientHeight, 1)
            : browser.innerWidth / Math.max(browser.innerHeight - BARS, BARS);
        const network = await this.orm.call("partnership.relation", "get_network", [], {
            partnership_id: partnershipId,
            date,
            aspect,
        });
        this.state.network = network;
        this.state.partnershipId = network.partnership.id;
        this.fit();
        if (!this.membersById[this.state.selectedId]) {
            this.state.selectedId = false;
        }
    }

    choosePartnership(ev) {
        Object.assign(this.state, { partnershipId: Number(ev.target.value), selectedId: false });
        return this.load();
    }

    chooseDate(date) {
        this.state.date = date ? serializeDate(date) : false;
        return this.load();
    }

    get date() {
        return deserializeDate(this.state.network.date);
    }

    get membersById() {
        return Object.fromEntries(this.state.network.members.map((member) => [member.id, member]));
    }

    /** The ties of the kinds that are chosen, each with its ends. */
    get ties() {
        const members = this.membersById;
        return this.state.network.ties
            .filter((tie) => !this.state.hidden.includes(tie.kind))
            .map((tie) => ({ ...tie, from: members[tie.members[0]], to: members[tie.members[1]] }))
            .filter((tie) => tie.from && tie.to);
    }

    /** The members that are shown, each with its number of ties, the best connected first. */
    getMembers(ties) {
        const counts = {};
        for (const id of ties.flatMap((tie) => tie.members)) {
            counts[id] = (counts[id] || 0) + 1;
        }
        return this.state.network.members
            .map((member) => ({ ...member, count: counts[member.id] || 0 }))
            .filter((member) => member.count || this.state.isLoneShown)
            .sort((one, other) => other.count - one.count);
    }

    get picture() {
        const ties = this.ties;
        const members = this.getMembers(ties);
        const focusId = this.state.hoveredId || this.state.selectedId;
        const near = new Set(
            ties.filter((tie) => tie.members.includes(focusId)).flatMap((tie) => tie.members)
        );
        near.add(focusId);
        const first = members.filter((member) => focusId && near.has(member.id));
        // As large as on paper where there is room, smaller where it is all seen on a telephone
        const size = Math.min(Math.max(this.scale * 1.3, 0.5), 1) / this.scale;
        const labels = placeLabels([...first, ...members], this.scale, this.bounds);
        return {
            ties,
            members: members.map((member) => ({
                ...member,
                label: labels.get(member.id),
                radius: (6 + Math.min(member.count, 8) * 0.8) * size,
            })),
            focusId: near.size > 1 || members.some((each) => each.id === focusId) ? focusId : false,
            near,
            tabId: members.some((each) => each.id === this.state.selectedId)
                ? this.state.selectedId
                : members[0]?.id,
        };
    }

    get selected() {
        const member = this.membersById[this.state.selectedId];
        const ties = this.ties.filter((tie) => tie.members.includes(this.state.selectedId));
        return (
            member && {
                ...member,
                group: this.state.network.groups.find((group) => group.id === member.group_id),
                ties: ties.map((tie) => ({
                    ...tie,
                    other: tie.from.id === member.id ? tie.to : tie.from,
                })),
            }
        );
    }

    getColor(groupId) {
        const index = this.state.network.groups.findIndex((group) => group.id === groupId);
        // Six hues, then their second shades: the palette has them side by side
        const color = ((2 * index) % HUES) + (Math.floor((2 * index) / HUES) % 2);
        return index < 0 ? "#999999" : getColor(color, cookie.get("color_scheme"), HUES);
    }

    getKindLabel(kind) {
        return Object.fromEntries(this.state.network.kinds)[kind];
    }

    toggleKind(kind) {
        const hidden = this.state.hidden;
        this.state.hidden = hidden.includes(kind)
            ? hidden.filter((each) => each !== kind)
            : [...hidden, kind];
    }

    // What is seen ----------------------------------------------------------------------------

    /** Pixels of the screen for one unit of the picture. */
    get scale() {
        const { box, size } = this.state;
        return Math.min(size.width / box.width, size.height / box.height) || 1;
    }

    /** Left and right end of what is seen, in pixels from where the picture begins. */
    get bounds() {
        const { box, size } = this.state;
        const middle = (box.x + box.width / 2) * this.scale;
        return [middle - size.width / 2, middle + size.width / 2];
    }

    get viewBox() {
        const { x, y, width, height } = this.state.box;
        return `${x} ${y} ${width} ${height}`;
    }

    measure() {
        const { clientWidth: width, clientHeight: height } = this.svg.el || {};
        const { size } = this.state;
        if (width && height && (width !== size.width || height !== size.height)) {
            this.state.size = { width, height };
        }
    }

    /** Show all of it, with room for the names at the rim. */
    fit() {
        const { width, height } = this.state.network;
        const seen = this.svg.el ? this.state.size.width : browser.innerWidth;
        const margin = Math.max(MARGIN, (HALF_NAME * width) / seen - HALF_NAME);
        this.state.box = {
            x: -margin,
            y: -MARGIN,
            width: width + 2 * margin,
            height: height + 2 * MARGIN,
        };
    }

    zoom(factor, ev) {
        const bounds = this.svg.el.getBoundingClientRect();
        const at = ev
            ? [(ev.clientX - bounds.x) / bounds.width, (ev.clientY - bounds.y) / bounds.height]
            : [0.5, 0.5];
        this.state.box = zoomBox(this.state.box, factor, at);
    }

    onWheel(ev) {
        this.zoom(ev.deltaY > 0 ? 1.2 : 1 / 1.2, ev);
    }

    onPointerDown(ev) {
        this.drag = { x: ev.clientX, y: ev.clientY, box: this.state.box };
    }

    onPointerMove(ev) {
        if (!this.drag || !ev.buttons) {
            return;
        }
        const { x, y, box } = this.drag;
        this.state.box = {
            ...box,
            x: box.x - (ev.clientX - x) / this.scale,
            y: box.y - (ev.clientY - y) / this.scale,
        };
    }

    onPointerUp() {
        this.drag = null;
    }

    // Choosing and opening ----------------------------------------------------------------------

    select(memberId) {
        this.state.selectedId = memberId;
    }

    onKeydown(ev, member) {
        if (["Enter", " "].includes(ev.key)) {
            ev.preventDefault();
            this.select(member.id);
        } else if (ev.key === "Escape") {
            this.select(false);
        } else if (ARROWS[ev.key]) {
            ev.preventDefault();
            const next = findNeighbour(this.picture.members, member, ARROWS[ev.key]);
            if (next) {
                this.select(next.id);
                this.svg.el.querySelector(`[data-member="${next.id}"]`).focus();
            }
        }
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openTies() {
        return this.action.doAction("partnership_management.partnership_relation_action");
    }
}

registry.category("actions").add("partnership_management.relation_network", RelationNetwork);
