const LABEL_LENGTH = 24;
const CHARACTER_WIDTH = 6.2; // pixels, of 11 pixel type
const LABEL_HEIGHT = 13;
const SPOT = 5; // pixels from the middle of a member to what is free for other names
const GAP = 13; // pixels from the middle of a member to the name
// Where a name may stand: [side, height, anchor], side and height in steps of the gap
const PLACES = [
    [0, 1, "middle"],
    [0, -1, "middle"],
    [1, 0, "start"],
    [-1, 0, "end"],
];
const SHARE_BEFORE = { start: 0, middle: 0.5, end: 1 };

/** What a member itself takes: no other name may stand on it. */
function getSpot({ id, x, y }, scale) {
    const [left, right] = [x * scale - SPOT, x * scale + SPOT];
    const [top, bottom] = [y * scale - SPOT, y * scale + SPOT];
    return { id, left, right, top, bottom };
}

/** The box of a text in pixels, and where its base line begins. */
function getLabel(text, x, y, [side, height, anchor]) {
    const width = text.length * CHARACTER_WIDTH;
    const left = x + side * GAP - width * SHARE_BEFORE[anchor];
    const middle = y + height * (GAP + LABEL_HEIGHT / 3);
    const [top, bottom] = [middle - LABEL_HEIGHT / 2, middle + LABEL_HEIGHT / 2];
    const base = { dx: side * GAP, dy: middle - y + LABEL_HEIGHT / 3 };
    return { text, anchor, ...base, left, right: left + width, top, bottom };
}

function isApart(one, other) {
    return (
        one.left >= other.right ||
        one.right <= other.left ||
        one.top >= other.bottom ||
        one.bottom <= other.top
    );
}

/**
 * Which names can be read without one standing on another: below the member, or where there is
 * room.
 *
 * @param {Object[]} members who comes first is written first
 * @param {number} scale pixels of the screen for one unit of the picture
 * @param {number[]} bounds left and right end of what is seen, in these pixels
 * @returns {Map<number, Object>} id of a member -> its label; dx and dy are pixels from the member
 */
export function placeLabels(members, scale, [left, right]) {
    const labels = new Map();
    const spots = members.map((member) => getSpot(member, scale));
    for (const { id, name, x, y } of members) {
        const text = name.length > LABEL_LENGTH ? `${name.slice(0, LABEL_LENGTH - 1)}…` : name;
        const others = [...labels.values(), ...spots.filter((spot) => spot.id !== id)];
        const free = PLACES.map((place) => getLabel(text, x * scale, y * scale, place)).find(
            (label) =>
                label.left >= left &&
                label.right <= right &&
                others.every((other) => isApart(label, other))
        );
        if (free && !labels.has(id)) {
            labels.set(id, free);
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
