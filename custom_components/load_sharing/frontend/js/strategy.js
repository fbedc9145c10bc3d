// The dashboard "custom:load-sharing": made from the registry of whatever sites there are.

import { common, loadWords } from "./dom.js";

const keys = (text) => text.trim().split(/\s+/);

const CHARGING = {
	card: "custom:load-sharing-current-card",
	title: "board_charging",
	icon: "mdi:ev-station",
	now: keys("balancing overload peak_today overloads_today shadow"),
	kind: "limiting_reason",
	graph: keys("service_current service_current_phase"),
};
const HEATING = {
	card: "custom:load-sharing-heat-card",
	title: "board_heating",
	icon: "mdi:radiator",
	now: keys(`load_sharing load_sharing_control burner_hold starts_today
		burner_time_today held_today cooldowns_today shadow`),
	kind: "room_reason",
	graph: keys("calling_capacity"),
};
const HALVES = { charging: CHARGING, heating: HEATING };
const CHARGER = keys("charging draw session_energy energy max_charger_current");
const TOLD = keys("charging_moment heating_moment overload_event sharing_event");
const DOMAINS = keys("select switch number button");
const FULL = { grid_options: { columns: "full" } };

const row = (entity) => ({ entity: entity.entity_id, name: { type: "entity" } });
const tile = (entity) => ({
	type: "tile",
	...row(entity),
	...(entity.entity_id.startsWith("number.") && {
		features: [{ type: "numeric-input", style: "buttons" }],
		...FULL,
	}),
});
const grid = (cards, more) => ({ type: "grid", cards, ...more });
const goes = (path) => ({ action: "navigate", navigation_path: path });
const heading = (text, icon, path) => ({
	type: "heading",
	heading: text,
	icon,
	...(path && { tap_action: goes(path) }),
});

/** The devices of a site with their entities: its own first, then by name. */
function devicesOf(hass, entryId) {
	const devices = new Map();
	for (const entity of Object.values(hass.entities)) {
		const device = hass.devices[entity.device_id];
		if (entity.platform !== "load_sharing" || entity.hidden) continue;
		if (!device?.config_entries.includes(entryId)) continue;
		if (!devices.has(device.id)) devices.set(device.id, { device, entities: {} });
		(devices.get(device.id).entities[entity.translation_key] ??= []).push(entity);
	}
	const { compare } = new Intl.Collator(hass.language, { numeric: true });
	const nameOf = ({ device }) => device.name_by_user ?? device.name ?? "";
	const isOwn = ({ entities }) => Boolean(entities.balancing ?? entities.load_sharing);
	return [...devices.values()]
		.map((found) => ({ ...found, own: isOwn(found), name: nameOf(found) }))
		.sort((one, two) => two.own - one.own || compare(one.name, two.name));
}

const view = (title, path, sections, columns = 4) => ({
	title,
	path,
	type: "sections",
	max_columns: columns,
	dense_section_placement: true,
	sections,
});
const list = (entities) => ({ type: "entities", entities });
const deviceOf = ({ device }) => `/config/devices/device/${device.id}`;
const pick = (found, keys) => keys.flatMap((key) => found.entities[key] ?? []);

function mainView(half, site, devices, label, extra, word) {
	const wanted = HALVES[half];
	const own = devices.filter(({ entities }) => entities[wanted.now[0]]);
	const parts = devices.filter(({ entities }) => entities[wanted.kind]);
	const card = { type: wanted.card, entry_id: site.entry_id, ...FULL };
	const sections = [
		grid([card], { column_span: 3 }),
		...extra
			.filter((more) => more.site === site.title && more.half === half)
			.flatMap((more) => more.sections),
	];
	for (const found of own) {
		const entities = pick(found, wanted.now).map(row);
		sections.push(grid([heading(word("board_now"), wanted.icon), list(entities)]));
	}
	if (!parts.length) sections.push(grid([emptyState(word, "board_no_parts")]));
	else if (half === "charging") {
		for (const found of parts) {
			const title = heading(found.name, "mdi:car-electric", deviceOf(found));
			sections.push(grid([title, ...pick(found, CHARGER).map(tile)]));
		}
	} else {
		const tiles = parts.flatMap((found) =>
			pick(found, ["participates"]).map((entity) => ({ ...tile(entity), name: found.name })),
		);
		sections.push(grid([heading(word("board_takes_part"), wanted.icon), ...tiles]));
	}
	return view(label, `${half}-${site.entry_id}`.toLowerCase(), sections, 3);
}

function tuningView(sites, word) {
	const sections = [];
	for (const { site, devices } of sites) {
		for (const found of devices) {
			const rank = ({ entity_id: id }) => DOMAINS.indexOf(id.split(".")[0]);
			const entities = Object.values(found.entities)
				.flat()
				.filter((entity) => rank(entity) >= 0)
				.sort((one, two) => rank(one) - rank(two))
				.map(row);
			if (!entities.length) continue;
			const several = sites.length > 1 && !found.own;
			const title = several ? `${site.title}: ${found.name}` : found.name;
			sections.push(grid([heading(title, "", deviceOf(found)), list(entities)]));
		}
	}
	return view(word("board_tuning"), "tuning", sections, 2);
}

function logView(sites, word) {
	const sections = [];
	for (const { site, devices } of sites) {
		const all = (wanted) =>
			devices.flatMap((found) => pick(found, wanted)).map((entity) => entity.entity_id);
		const cards = [heading(site.title)];
		for (const { graph } of [CHARGING, HEATING]) {
			const entities = all(graph).map((entity) => ({ entity }));
			if (entities.length) {
				cards.push({ type: "history-graph", hours_to_show: 6, entities, ...FULL });
			}
		}
		cards.push({
			type: "logbook",
			target: { entity_id: all(TOLD) },
			hours_to_show: 24,
			grid_options: { columns: "full", rows: 8 },
		});
		sections.push(grid(cards, { column_span: 2 }));
	}
	return view(word("board_log"), "log", sections);
}

function emptyState(word, key, button) {
	return {
		type: "empty-state",
		icon: "mdi:scale-balance",
		title: word(`${key}_title`),
		content: word(`${key}_text`),
		...FULL,
		...(button && { buttons: [button] }),
	};
}

function emptyView(hass, word) {
	const button = {
		text: word("board_add_site"),
		icon: "mdi:plus",
		tap_action: goes("/config/integrations/dashboard/add?domain=load_sharing"),
	};
	const card = emptyState(word, "board_no_site", hass.user?.is_admin ? button : undefined);
	return view("Load Sharing", "empty", [grid([card])]);
}

class LoadSharingStrategy extends HTMLElement {
	static registryDependencies = ["entities", "devices"];
	static noEditor = true;

	static async generate(config, hass) {
		const [localize, listed] = await Promise.all([
			loadWords(hass).catch(() => () => ""),
			hass.callWS({ type: "load_sharing/sites" }).catch(() => []),
		]);
		const word = (key) => localize(common(key)) || key;
		const sites = listed.map((site) => ({
			site,
			devices: devicesOf(hass, site.entry_id),
		}));
		if (!sites.length) return { views: [emptyView(hass, word)] };
		const pages = sites.flatMap(({ site, devices }) =>
			Object.keys(HALVES)
				.filter((half) => site[half])
				.map((half) => ({ half, site, devices })),
		);
		const views = pages.map(({ half, site, devices }) => {
			const kind = word(HALVES[half].title);
			const twice = pages.filter((page) => page.site.title === site.title).length > 1;
			const label = twice ? `${site.title}: ${kind}` : site.title;
			const title = sites.length > 1 ? label : kind;
			return mainView(half, site, devices, title, config.extra ?? [], word);
		});
		return { views: [...views, tuningView(sites, word), logView(sites, word)] };
	}
}

customElements.define("ll-strategy-dashboard-load-sharing", LoadSharingStrategy);
