package main

import (
	"strings"
	"testing"
)

// marks are where a form's faults and choices are drawn.
type marks struct {
	Bar, Legend, Radio, Calendar, DateWritten string
}

const lookAtMarks = `(() => {
  const style = (selector, part) => getComputedStyle(document.querySelector(selector), part);
  return {
    Bar: style('.fr-input-group--error', '::before').backgroundPosition,
    Legend: style('.fr-fieldset--error .fr-fieldset__legend').backgroundPosition,
    Radio: style('.fr-radio-group label').backgroundPosition,
    Calendar: style('#ends_on', '::after').backgroundImage,
    DateWritten: style('#ends_on').direction,
  };
})()`

// From right to left, in the dark: the bar of a field that is wrong, its legend's and
// the round of a radio button are on the right, and the calendar is white.
func TestBrowserMarksOfAFormFromRightToLeft(t *testing.T) {
	t.Parallel()
	b := newChromium(newJourney(t, onTheRealClock), "ar", 320)
	b.darken()
	b.open(b.TownHallURL)
	b.press(`a[href="/start"]`)
	b.press(`a[href*="/sign-in"]`)
	b.press(`a[href*="citizen=jeanne"]`)
	b.press(`a[href*="/confirm"]`)
	ask[bool](b, `(() => {
	  const day = document.querySelector('#ends_on');
	  day.removeAttribute('min');
	  day.value = '2020-01-01';
	  document.querySelector('input[name="until"][value="date"]').checked = true;
	  return true;
	})()`)
	b.press(`button[value="allow"]`)
	b.check("91-day-problem")
	m := ask[marks](b, lookAtMarks)
	for what, at := range map[string]string{"the bar": m.Bar, "the legend’s bar": m.Legend, "the radio button": m.Radio} {
		if !strings.Contains(at, "100%") {
			t.Errorf("%s is at %s", what, at)
		}
	}
	if m.DateWritten != "ltr" || !strings.Contains(m.Calendar, "%23fff") {
		t.Errorf("the day is written %s, its calendar is %s", m.DateWritten, m.Calendar)
	}
}
