// The module that every page loads: has the elements defined, and lists them for pickers.

import "./current-card.js";
import "./heat-card.js";
import "./page.js";
import "./strategy.js";
import { common, loadWords } from "./dom.js";

const DOCUMENTATION =
	"https://github.com/load-sharing/load-sharing/blob/main/docs/dashboard.md";
const BRAND = "Load Sharing";
const SOON_MS = 250;

let localize;

/** A picker reads the words when it opens: by then they have come. */
const listed = (entry, words) => ({
	...entry,
	get name() {
		return localize?.(common(`${words}_name`)) || BRAND;
	},
	get description() {
		return localize?.(common(`${words}_description`)) || "";
	},
	documentationURL: DOCUMENTATION,
});

(window.customCards ??= []).push(
	listed({ type: "load-sharing-current-card", preview: true }, "card_current"),
	listed({ type: "load-sharing-heat-card", preview: true }, "card_heat"),
);
(window.customStrategies ??= []).push(
	listed({ type: "load-sharing", strategyType: "dashboard" }, "board"),
);

function waitForWords() {
	const hass = document.querySelector("home-assistant")?.hass;
	if (hass?.loadBackendTranslation) {
		loadWords(hass).then(
			(loaded) => (localize = loaded),
			() => setTimeout(waitForWords, 40 * SOON_MS),
		);
	} else {
		setTimeout(waitForWords, SOON_MS);
	}
}

waitForWords();
