export const LABEL_LENGTH = 24;
const CHARACTER_WIDTH = 6.2; // pixels, of 11 pixel type
const LABEL_HEIGHT = 13;
const LABEL_OFFSET = 21; // below the middle of the member

/**
 * Which names can be read without one standing on another.
 *
 * @param {Object[]} members who comes first is written first
 * @param {number} scale pixels of the screen for one unit of the picture
 * @returns {Map<number, string>} id of a member -> its name, shortened
 */
export function placeLabels(members, scale) {
    const labels = new Map();
    const boxes = [];
    for (const { id, name, x, y } of members) {
        const text = name.length > LABEL_LENGTH ? `${name.slice(0, LABEL_LENGTH - 1)}…` : name;
        const half = (text.length * CHARACTER_WIDTH) / 2;
        const box = {
            left: x * scale - half,
            right: x * scale + half,
            top: y * scale + LABEL_OFFSET - LABEL_HEIGHT,
            bottom: y * scale + LABEL_OFFSET,
        };
        const isFree = boxes.every(
            (other) =>
                box.left >= other.right ||
                box.right <= other.left ||
                box.top >= other.bottom ||
                box.bottom <= other.top
        );
        if (!labels.has(id) && isFree) {
            labels.set(id, text);
            boxes.push(box);
        }
    }
    return labels;
}

/** The part of the picture that is seen, `factor` times as large, with the point `at` in place. */
export function zoomBox({ x, y, width, height }, factor, [atX, atY]) {
    return {
        x: x + width * atX * (1 - factor),
        y: y + height * atY * (1 - factor),
        width: width * factor,
        height: height * factor,
    };
}

/** The nearest member in a direction, an arrow key's: what lies aside counts as farther off. */
export function findNeighbour(members, from, [directionX, directionY]) {
    let nearest = null;
    let shortest = Infinity;
    for (const member of members) {
        const [x, y] = [member.x - from.x, member.y - from.y];
        const ahead = x * directionX + y * directionY;
        const aside = Math.abs(x * directionY) + Math.abs(y * directionX);
        const distance = ahead + 2 * aside;
        if (ahead > 0 && distance < shortest) {
            [nearest, shortest] = [member, distance];
        }
    }
    return nearest;
}
