package citizen_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"portail.example/consent/consenttest"
	"portail.example/consent/export/exporttest"
	"portail.example/consent/token"
	"portail.example/portal/web/webtest"
)

var consentPath = regexp.MustCompile(`/consents/[\w-]+`)

func (w *world) receiptOf(b *webtest.Browser, path string) token.Receipt {
	w.t.Helper()
	file := b.Get(w.base + path + "/jwt")
	claims, err := token.VerifyReceipt(w.t.Context(), w.key, "https://portal.example", file.Body)
	if err != nil || file.Header.Get("Content-Type") != "application/jwt" || file.Header.Get("Cache-Control") != "no-store" {
		w.t.Fatalf("%d %v: %v", file.Status, file.Header, err)
	}
	return claims.Receipt
}

func TestAWithdrawalHasAReceiptOfItsOwn(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.given(b, w.Push())
	for _, part := range []string{"", "/jwt", "/pdf"} {
		expect(t, "before", b.Get(w.base+path+"/withdrawal"+part), http.StatusNotFound)
	}
	w.Clock.Advance(time.Minute)
	page := b.Post(w.base+path+"/withdraw", url.Values{"reason": {"moved"}})
	if !strings.Contains(page.Body, `href="`+path+`/withdrawal"`) {
		t.Errorf("no way to the receipt from %s", main(page.Body))
	}
	receipt := b.Get(w.base + path + "/withdrawal")
	expect(t, "receipt", receipt, 200, "Vous avez retiré cette autorisation.", "24 novembre 2026 à 10:01:00", "Commune de Lisière-sur-Ource", "21990012300015", "Votre quotient familial, Vos enfants",
		"Plus aucune transmission depuis le 24 novembre 2026 à 10:01:00", "12 mois au plus", "il faudra une nouvelle autorisation", "dpo@lisiere.example")
	r := w.receiptOf(b, path+"/withdrawal")
	if r.RecordID != strings.TrimPrefix(path, "/consents/") || r.Parties[0].ID != "21990012300015" || !slices.Equal(r.Processing[0].Data, []string{"quotient_familial", "enfants"}) || r.Notice != (token.Notice{}) {
		t.Errorf("signed: %+v", r)
	}
	if len(r.Events) != 2 || r.Events[0].State != "dpv:ConsentGiven" || r.Events[1].State != "dpv:ConsentWithdrawn" || !r.Events[1].Time.Equal(w.Clock.Now()) {
		t.Errorf("events: %+v", r.Events)
	}
	pdf := w.pdf(b, path+"/withdrawal/pdf")
	for what, text := range map[string]string{"page": main(receipt.Body), "file": b.Get(w.base + path + "/withdrawal/jwt").Body, "PDF": pdf} {
		if strings.Contains(text, "moved") || strings.Contains(text, "déménagé") || strings.Contains(text, "DUBOIS") {
			t.Errorf("the %s says why, or who: %s", what, text)
		}
	}
	for _, want := range []string{"Récapitulatif de votre retrait", "Vous avez retiré cette autorisation.", "Plus aucune transmission", "Vos enfants"} {
		if !strings.Contains(pdf, want) {
			t.Errorf("%q is not in the PDF:\n%s", want, pdf)
		}
	}
}

// pdf is what a PDF reads.
func (w *world) pdf(b *webtest.Browser, path string) string {
	w.t.Helper()
	file := b.Get(w.base + path)
	exporttest.Accessible(w.t, path, []byte(file.Body))
	name := filepath.Join(w.t.TempDir(), "kept.pdf")
	if err := os.WriteFile(name, []byte(file.Body), 0o600); err != nil || file.Header.Get("Content-Type") != "application/pdf" {
		w.t.Fatalf("%d %v: %v", file.Status, file.Header, err)
	}
	text, err := exec.Command("pdftotext", name, "-").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	return readable(string(text))
}

func TestEachOfAllThatIsWithdrawnHasItsReceipt(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	one := w.given(b, w.Push())
	w.Clock.Advance(time.Second)
	two := w.given(b, w.PushOnce())
	if before := b.Get(w.base + "/withdraw-all").Body; strings.Contains(before, "/withdrawal") {
		t.Error("there is a receipt before the withdrawal")
	}
	done := b.Post(w.base+"/withdraw-all", nil)
	for _, path := range []string{one, two} {
		if !strings.Contains(done.Body, `href="`+path+`/withdrawal"`) {
			t.Errorf("no receipt of %s on %s", path, main(done.Body))
		}
		expect(t, path, b.Get(w.base+path+"/withdrawal"), 200, "Récapitulatif de votre retrait")
	}
}

func TestAWithdrawalsReceiptIsItsCitizensAlone(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.given(b, w.Push())
	b.Post(w.base+path+"/withdraw", nil)
	w.provider.in = consenttest.Pierre()
	other := webtest.NewBrowser(t)
	other.Get(w.base + "/sign-in")
	for want, b := range map[int]*webtest.Browser{http.StatusUnauthorized: webtest.NewBrowser(t), http.StatusNotFound: other} {
		for _, part := range []string{"", "/jwt", "/pdf"} {
			if a := b.Get(w.base + path + "/withdrawal" + part); a.Status != want {
				t.Errorf("%s: %d, want %d", part, a.Status, want)
			}
		}
	}
}

// What is still shared, and until when, is on the reduction's receipt; the first one
// keeps what was chosen first.
func TestTheReceiptOfAReducedConsentShowsWhatIsLeft(t *testing.T) {
	w := newWorld(t)
	b, first := w.answered(allow)
	home := b.Get(w.base + "/home")
	path := consentPath.FindString(home.Body)
	w.Clock.Advance(time.Minute)
	w.less(b, path, url.Values{"datatypes": {"quotient_familial"}, "ends_on": {"2027-01-31"}})
	receipts := receiptPath.FindAllString(b.Get(w.base+path).Body, -1)
	if len(receipts) != 2 || receipts[0] != first || receipts[1] == first {
		t.Fatalf("the consent leads to %v, after %s", receipts, first)
	}
	page := b.Get(w.base + receipts[1])
	expect(t, "after", page, 200, "Vous avez réduit ce partage.", "31 janvier 2027", "24 novembre 2026 à 10:01:00", "Vous pouvez partager moins, ou moins longtemps.")
	expect(t, "before", b.Get(w.base+first), 200, "Vous avez autorisé ce partage.", "31 août 2027", "24 novembre 2026 à 10:00:00", "Vos enfants")
	for path, want := range map[string]token.Processing{
		first: {Data: []string{"quotient_familial", "enfants"}, EndsOn: "2027-08-31"}, receipts[1]: {Data: []string{"quotient_familial"}, EndsOn: "2027-01-31"},
	} {
		if p := w.receiptOf(b, path).Processing[0]; !slices.Equal(p.Data, want.Data) || p.EndsOn != want.EndsOn {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if pdf := w.pdf(b, receipts[1]+"/pdf"); !strings.Contains(pdf, "Vous avez réduit ce partage.") || !strings.Contains(pdf, "31 janvier 2027") {
		t.Errorf("PDF: %s", pdf)
	}
}
