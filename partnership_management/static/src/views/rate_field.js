import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { PercentageField, percentageField } from "@web/views/fields/percentage/percentage_field";

/** Fewer cases than these are not enough to speak of a rate. */
const ENOUGH = 3;

/** A share that may be missing: a percentage shows 0 % where there is none, which is another thing.
 *  The digits of its field are those of the share, not those of the percentage. */
function formatShare(value, { digits = [16, 2], ...options } = {}) {
    return typeof value === "number" ? formatPercentage(value, { ...options, digits }) : "–";
}

/** A rate that has too few cases behind it to say anything is missing. */
function formatRate(value, options = {}) {
    return typeof value === "number" ? formatPercentage(value, options) : _t("not enough data");
}

/** The difference of two shares: from 30 % to 88 % are +58 points, not 58 %. */
function formatPoints(value) {
    if (typeof value !== "number") {
        return "–";
    }
    const points = Math.round(value * 100);
    return _t("%s points", points > 0 ? `+${points}` : `${points}`);
}
formatShare.extractOptions = formatRate.extractOptions = formatPercentage.extractOptions;

class ShareField extends PercentageField {
    get formattedValue() {
        return formatShare(this.props.record.data[this.props.name], this.props);
    }
}

/**
 * A rate with what it is made of: "8/10, 80%", or "not enough data (2)".
 *
 * The option `whole` names the field with the number of cases, or those of which the fewest count,
 * `part` the field, or fields, with the number of those that count.
 */
class RateField extends ShareField {
    static props = {
        ...PercentageField.props,
        part: { type: Array, optional: true },
        whole: { type: Array, optional: true },
    };

    get formattedValue() {
        const { part, whole, record } = this.props;
        if (!whole.length) {
            return super.formattedValue;
        }
        const cases = Math.min(...whole.map((name) => record.data[name]));
        if (cases < ENOUGH) {
            return _t("not enough data (%s)", cases);
        }
        if (!part.length) {
            return super.formattedValue;
        }
        const counted = part.reduce((sum, name) => sum + record.data[name], 0);
        return `${counted}/${cases}, ${super.formattedValue}`;
    }
}

/** The names of the fields in the options `part` and `whole`, as two lists. */
function getCounts({ part = [], whole = [] }) {
    return [[part].flat(), [whole].flat()];
}

const shareField = { ...percentageField, component: ShareField };
const rateField = {
    ...percentageField,
    component: RateField,
    extractProps(fieldInfo) {
        const [part, whole] = getCounts(fieldInfo.options);
        const { digits } = percentageField.extractProps(fieldInfo);
        return { part, whole, digits: digits || (whole.length ? [16, 0] : undefined) };
    },
    fieldDependencies({ options }) {
        return getCounts(options)
            .flat()
            .map((name) => ({ name, type: "integer" }));
    },
};
registry.category("fields").add("partnership_share", shareField);
registry.category("fields").add("partnership_rate", rateField);
registry.category("formatters").add("partnership_share", formatShare);
registry.category("formatters").add("partnership_rate", formatRate);
registry.category("formatters").add("partnership_points", formatPoints);
