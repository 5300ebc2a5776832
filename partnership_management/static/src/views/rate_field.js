import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { PercentageField, percentageField } from "@web/views/fields/percentage/percentage_field";

/** Fewer cases than these are not enough to speak of a rate. */
const ENOUGH = 3;

/** A share that may be missing: a percentage shows 0 % where there is none, which is another thing. */
function formatShare(value, options = {}) {
    return typeof value === "number" ? formatPercentage(value, options) : "–";
}

/** A rate that has too few cases behind it to say anything is missing. */
function formatRate(value, options = {}) {
    return typeof value === "number" ? formatPercentage(value, options) : _t("not enough data");
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
 * The option `whole` names the field with the number of cases, `part` the field, or fields, with
 * the number of those that count.
 */
class RateField extends ShareField {
    static props = {
        ...PercentageField.props,
        part: { type: Array, optional: true },
        whole: { type: String, optional: true },
    };

    get formattedValue() {
        const { part, whole, record } = this.props;
        if (!whole) {
            return super.formattedValue;
        }
        const cases = record.data[whole];
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

const shareField = { ...percentageField, component: ShareField };
const rateField = {
    ...percentageField,
    component: RateField,
    extractProps(fieldInfo) {
        const { part, whole } = fieldInfo.options;
        const props = { ...percentageField.extractProps(fieldInfo), part: [part || []].flat(), whole };
        return whole ? { ...props, digits: props.digits || [16, 0] } : props;
    },
    fieldDependencies({ options }) {
        const names = [options.part || [], options.whole || []].flat();
        return names.map((name) => ({ name, type: "integer" }));
    },
};
registry.category("fields").add("partnership_share", shareField);
registry.category("fields").add("partnership_rate", rateField);
registry.category("formatters").add("partnership_share", formatShare);
registry.category("formatters").add("partnership_rate", formatRate);
