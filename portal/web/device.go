package web

import (
	"strings"

	"portail.example/consent"
)

// sign is a mark in a User-Agent and what it tells.
type sign struct{ mark, means string }

// browsers are in an order that matters: most browsers also name those they descend from.
func browsers() []sign {
	return []sign{
		{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"},
		{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
}

func systems() []sign {
	return []sign{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
}

// deviceOf keeps of a User-Agent what its owner recognises, and nothing that tells
// two phones of a kind apart: no version, no model, no word of the header's own.
func deviceOf(userAgent string) consent.Device {
	return consent.Device{Browser: first(browsers(), userAgent), System: first(systems(), userAgent)}
}

func first(signs []sign, text string) string {
	for _, s := range signs {
		if strings.Contains(text, s.mark) {
			return s.means
		}
	}
	return ""
}
