package citizen_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"portail.example/consent/consenttest"
	"portail.example/consent/export/exporttest"
	"portail.example/consent/token"
	"portail.example/portal/web/webtest"
)

var receiptPath = regexp.MustCompile(`/receipts/[\w-]+`)

// answered is a browser whose citizen answered a request, and the receipt's path.
func (w *world) answered(form url.Values) (*webtest.Browser, string) {
	w.t.Helper()
	b := webtest.NewBrowser(w.t)
	path := w.open(b, w.Push())
	b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
	done := w.send(b, path+"/decision", form)
	return b, receiptPath.FindString(done.Body)
}

func TestAReceiptAfterEachAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		form  url.Values
		texts []string
		state string
		data  int
	}{
		"granted": {allow, []string{"Vous avez autorisé ce partage.", "31 août 2027", "12 mois"}, "dpv:ConsentGiven", 2},
		"refused": {url.Values{"decision": {"refuse"}}, []string{"Vous avez refusé ce partage."}, "dpv:ConsentRefused", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b, path := w.answered(c.form)
			page := b.Get(w.base + path)
			expect(t, "receipt", page, 200, append(c.texts, "Commune de Lisière-sur-Ource", "21990012300015", "R. 531-52", "dpo@lisiere.example",
				"24 novembre 2026 à 10:00:00", "demande votre quotient familial (CAF ou MSA) et la liste de vos enfants")...)
			file := b.Get(w.base + path + "/jwt")
			claims, err := token.VerifyReceipt(t.Context(), w.key, "https://portal.example", file.Body)
			if err != nil {
				t.Fatal(err)
			}
			r := claims.Receipt
			if r.Events[0].State != c.state || len(r.Processing[0].Data) != c.data || len(r.Processing[0].Asked) != 2 || r.Parties[0].ID != "21990012300015" {
				t.Errorf("signed: %+v", r)
			}
			if !strings.Contains(page.Body, r.Notice.Hash) || r.Notice.Language != "fr" || strings.Contains(file.Body+page.Body, "DUBOIS") {
				t.Errorf("the text is not named, or the citizen is: %+v", r.Notice)
			}
			if file.Header.Get("Content-Type") != "application/jwt" || file.Header.Get("Cache-Control") != "no-store" || !strings.Contains(file.Header.Get("Content-Disposition"), `"recapitulatif.jwt"`) {
				t.Errorf("sent as %v", file.Header)
			}
		})
	}
}

func TestAReceiptIsKeptAsPDF(t *testing.T) {
	w := newWorld(t)
	b, path := w.answered(allow)
	file := b.Get(w.base + path + "/pdf")
	if file.Status != 200 || file.Header.Get("Content-Type") != "application/pdf" || !strings.Contains(file.Header.Get("Content-Disposition"), `"recapitulatif.pdf"`) {
		t.Fatalf("%d: %v", file.Status, file.Header)
	}
	exporttest.Accessible(t, "receipt", []byte(file.Body))
	name := filepath.Join(t.TempDir(), "receipt.pdf")
	if err := os.WriteFile(name, []byte(file.Body), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Récapitulatif de votre choix", "Vous avez autorisé ce partage.", "Commune de Lisière-sur-Ource", "dpo@lisiere.example", "31 août 2027", "Vos enfants"} {
		if !strings.Contains(readable(string(text)), want) {
			t.Errorf("%q is not in the PDF:\n%s", want, text)
		}
	}
}

func TestAWithdrawalShowsOnTheReceipt(t *testing.T) {
	w := newWorld(t)
	b, path := w.answered(allow)
	home := b.Get(w.base + "/home")
	consentPath := regexp.MustCompile(`/consents/[\w-]+`).FindString(home.Body)
	b.Post(w.base+consentPath+"/withdraw", nil)
	expect(t, "receipt", b.Get(w.base+path), 200, "Vous avez retiré cette autorisation", "24 novembre 2026 à 10:00:00")
	claims, err := token.VerifyReceipt(t.Context(), w.key, "https://portal.example", b.Get(w.base+path+"/jwt").Body)
	if err != nil || len(claims.Receipt.Events) != 2 || claims.Receipt.Events[1].State != "dpv:ConsentWithdrawn" {
		t.Errorf("%+v, %v", claims.Receipt.Events, err)
	}
}

func TestAReceiptIsItsCitizensAlone(t *testing.T) {
	w := newWorld(t)
	_, path := w.answered(allow)
	w.provider.in = consenttest.Pierre()
	other := webtest.NewBrowser(t)
	other.Get(w.base + "/sign-in")
	for want, b := range map[int]*webtest.Browser{http.StatusUnauthorized: webtest.NewBrowser(t), http.StatusNotFound: other} {
		for _, part := range []string{"", "/jwt", "/pdf", "/proof"} {
			if a := b.Get(w.base + path + part); a.Status != want {
				t.Errorf("%s: %d, want %d", part, a.Status, want)
			}
		}
	}
}
