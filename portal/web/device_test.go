package web

import (
	"testing"

	"portail.example/consent"
)

func TestAUserAgentIsReducedToAKindOfDevice(t *testing.T) {
	cases := map[string]consent.Device{
		"Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0":                                                                       {Browser: "Firefox", System: "Android"},
		"Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36": {Browser: "Samsung Internet", System: "Android"},
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36":                            {Browser: "Chrome", System: "Android"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1":    {Browser: "Safari", System: "iPhone"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51":          {Browser: "Edge", System: "Windows"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":                      {Browser: "Safari", System: "macOS"},
		"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0":                                                                     {Browser: "Firefox", System: "Linux"},
		"DUBOIS-Angela/1.0 <script>": {},
		"":                           {},
	}
	for agent, want := range cases {
		if got := deviceOf(agent); got != want {
			t.Errorf("%q is %+v, want %+v", agent, got, want)
		}
	}
}
