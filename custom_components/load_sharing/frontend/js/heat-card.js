// "Where the heat goes": burner and water, and the rooms.

import { LiveCard, ROWS, VALUE, WHAT } from "./live-card.js";
import { attribute, clock, degrees, nameOf, number, stateOf, text } from "./dom.js";

const ICON = '<ha-icon aria-hidden="true"></ha-icon>';
const ROOM = `${ICON}${WHAT}${VALUE}`;
const COLDEST_C = 15;
const HOTTEST_C = 85;

const STYLE = `
	.boiler { display: flex; gap: 16px; align-items: center; flex-wrap: wrap; }
	.row.burner { width: auto; min-width: 190px; }
	.water { flex: 1 1 220px; min-width: 0; }
	.pipe { position: relative; height: 14px; border-radius: 7px; background: var(--track);
		margin-bottom: 8px; }
	.pipe > * { position: absolute; transition: inset-inline-start .8s ease, width .8s ease; }
	.span { inset-block: 0; border-radius: 7px; min-width: 6px;
		background: linear-gradient(90deg, #2f7fd0, #c2410c); }
	.pipe:dir(rtl) .span { scale: -1 1; }
	.set { inset-block: -4px; width: 3px; background: currentcolor; }
	.row ha-icon { flex: none; width: 40px; height: 40px; display: grid;
		place-items: center; border-radius: 50%; background: var(--track);
		color: var(--soft); transition: background .6s, color .6s; }
	.row.burner ha-icon { width: 52px; height: 52px; --mdc-icon-size: 30px; }
	.row.on ha-icon { background: #b3470b; color: #fff; }
	.dark .row.on ha-icon { background: #ffab6b; color: #111; }
	.row.held ha-icon { background: #1565c0; color: #fff; }
	.dark .row.held ha-icon { background: #64b5f6; color: #111; }
	.row.calling:not(.on) ha-icon { box-shadow: inset 0 0 0 2px currentcolor;
		color: var(--primary-text-color); }
	.burner.on ha-icon { animation: flicker 1.6s ease-in-out infinite; }
	@keyframes flicker { 50% { transform: scale(1.08); } }
`;

class HeatCard extends LiveCard {
	static half = "heating";
	static words = "card_heat";
	static icon = "mdi:radiator";
	static style = STYLE;
	static markup = `<div class="boiler"><button class="row burner" type="button">${ICON}${WHAT}</button>
		<div class="water"><div class="pipe" aria-hidden="true"><div class="span"></div><div
			class="set"></div></div><div class="soft"></div></div></div>
		<section class="rooms">${ROWS}</section>`;

	degrees(celsius) {
		return degrees(this._hass, celsius);
	}

	update(heating) {
		this._burner(heating.boiler);
		this._water(heating);
		const rooms = this._config.details === false ? [] : heating.rooms;
		this.rows("rooms", "card_rooms", rooms, ROOM, (row, room) => this._room(row, room));
	}

	_burner({ burning, held, hold_reason: reason, tap_water: tap, problem }) {
		const button = this.get("burner");
		const [icon, what] = button.children;
		button.onclick = () => this.open("");
		let says = burning === null ? "card_burner_unknown" : "card_burner_off";
		if (held) says = "card_burner_held";
		if (burning) says = tap ? "card_tap_water" : "card_burner_on";
		text(what.firstChild, this.word(says));
		let why = held ? this.said(stateOf("sensor", "hold_reason", reason)) : "";
		if (problem) why = this.said(nameOf("binary_sensor", "boiler_problem"));
		text(what.lastChild, why);
		button.classList.toggle("on", Boolean(burning));
		button.classList.toggle("held", held && !burning);
		let shown = held ? "mdi:pause" : "mdi:fire-off";
		if (burning) shown = tap ? "mdi:water-boiler" : "mdi:fire";
		attribute(icon, "icon", shown);
	}

	_water(heating) {
		const { flow_c: flow, return_c: back, setpoint_c: set } = heating.boiler;
		const pipe = this.get("pipe");
		const [span, mark] = pipe.children;
		const known = [flow, back].filter((value) => value !== null);
		const percent = (celsius) =>
			Math.min(100, Math.max(0, (100 * (celsius - COLDEST_C)) / (HOTTEST_C - COLDEST_C)));
		pipe.hidden = !known.length;
		const from = known.length > 1 ? percent(Math.min(...known)) : 0;
		span.style.insetInlineStart = `${from}%`;
		span.style.width = `${percent(Math.max(...known, COLDEST_C)) - from}%`;
		mark.hidden = set === null;
		mark.style.insetInlineStart = `calc(${percent(set)}% - 1px)`;
		const starts = number(this._hass, heating.starts_today);
		const said = Object.entries({ card_flow: flow, card_return: back, card_setpoint: set })
			.filter(([, value]) => value !== null)
			.map(([key, value]) => `${this.word(key)} ${this.degrees(value)}`);
		said.push(`${this.said(nameOf("sensor", "starts_today"))}: ${starts}`);
		text(this.get("water").lastChild, said.join(" · "));
	}

	_room(row, room) {
		const [icon, what, value] = row.children;
		const open = room.open_pct !== null || room.setpoint_c !== null;
		row.classList.toggle("on", open);
		row.classList.toggle("calling", room.calling);
		const heats = open || room.calling;
		attribute(icon, "icon", heats ? "mdi:radiator" : "mdi:radiator-disabled");
		text(what.firstChild, room.name);
		text(what.lastChild, this._why(room));
		const { temperature_c: now, target_c: target } = room;
		text(value.firstChild, now === null ? "–" : this.degrees(now));
		const wanted = target === null ? "" : this.degrees(target);
		text(value.lastChild, wanted && this.word("card_target", { target: wanted }));
	}

	_why(room) {
		const parts = [this.said(stateOf("sensor", "room_reason", room.reason))];
		if (room.open_pct !== null) {
			const percent = number(this._hass, room.open_pct, 0);
			parts.unshift(this.word("card_open", { percent }));
		} else if (room.setpoint_c !== null) {
			const target = this.degrees(room.setpoint_c);
			parts.unshift(this.word("card_raised", { target }));
		}
		if (room.problem) parts.unshift(this.said(nameOf("binary_sensor", "valve_problem")));
		if (room.next) {
			const time = clock(this._hass, room.next.at);
			const target = room.next.target_c;
			const key = target === null ? "card_next" : "card_next_target";
			parts.push(this.word(key, { time, target: target && this.degrees(target) }));
		}
		return parts.filter(Boolean).join(" · ");
	}
}

customElements.define("load-sharing-heat-card", HeatCard);
