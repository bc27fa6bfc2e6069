package citizen

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// AttestationPath is where anybody who holds an attestation checks it. The code travels
// in the body of the form: neither an address nor a log has it.
const AttestationPath = "/attestation"

// attestationRate is how often one address may try: a pile of files goes through.
var attestationRate = web.Rate{PerSecond: 1.0 / 6, Burst: 20}

// codeRate is how often one code may be tried, from wherever: whoever holds it without
// its paper cannot try amounts until one fits.
var codeRate = web.Rate{PerSecond: 10.0 / 3600, Burst: 10}

// attestationLines are asked for by their own field; any other by its number.
const attestationLines = 3

// AttestationPage is templates/citizen/attestation.html.
type AttestationPage struct {
	web.Page
	Code           string // as it was typed
	Lines          []AttestationField
	Number, Text   string // of another line
	CodeProblem    string
	NumberProblem  string
	Problems       []FieldProblem
	Answer, Detail string // what is said of the paper; empty before it is asked
	Tone           string // of the answer: success, error or warning
	Made           []string
}

// AttestationField is a line of the paper, as it was typed.
type AttestationField struct{ ID, Label, Value string }

func (room *Room) askAttestation(c *gin.Context) error {
	return room.showAttestation(c, http.StatusOK, room.attestationPage(c))
}

// showAttestation is for people who hold a paper, not for search engines.
func (room *Room) showAttestation(c *gin.Context, status int, page AttestationPage) error {
	c.Header("X-Robots-Tag", "noindex, nofollow")
	return room.Site.Render(c, status, "citizen/attestation", page)
}

func (room *Room) attestationPage(c *gin.Context) AttestationPage {
	out := AttestationPage{Page: room.Site.Page(c, "citizen.attestation.title")}
	out.Back = AttestationPath
	for n := 1; n <= attestationLines; n++ {
		out.Lines = append(out.Lines, AttestationField{ID: "line_" + strconv.Itoa(n), Label: out.T("citizen.attestation.line", "Number", n)})
	}
	return out
}

// checkAttestation answers what was typed from a paper.
func (room *Room) checkAttestation(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	page := room.attestationPage(c)
	typed := page.read(form)
	if len(page.Problems) > 0 {
		return room.showAttestation(c, http.StatusUnprocessableEntity, page)
	}
	if !room.attestations.AllowAddress(c) {
		return consent.Refuse(consent.TooMany, "", "too many attestations were checked from this address")
	}
	if !room.mayTry(c, typed.Code) {
		return consent.Refuse(consent.TooMany, "", "this code was tried too often")
	}
	answer, err := room.Service.CheckAttestation(c.Request.Context(), typed)
	if err != nil {
		return err
	}
	page.tell(answer)
	return room.showAttestation(c, http.StatusOK, page)
}

// mayTry counts a try of a code, which is not kept: its hash is.
func (room *Room) mayTry(c *gin.Context, typed string) bool {
	code, _ := consent.ParseAttestationCode(typed)
	hash := code.Hash()
	return room.codes.Allow(c, string(hash[:]))
}

// read takes what was typed, and says beside each field what cannot be read.
func (p *AttestationPage) read(form web.Params) consent.Typed {
	p.Code, p.Number, p.Text = form.Get("code"), form.Get("number"), form.Get("text")
	lines := map[int]string{}
	for i := range p.Lines {
		p.Lines[i].Value = form.Get(p.Lines[i].ID)
		if p.Lines[i].Value != "" {
			lines[i+1] = p.Lines[i].Value
		}
	}
	if p.Number != "" || p.Text != "" {
		number, err := strconv.Atoi(p.Number)
		if err != nil || number < 1 || number > consent.AttestationLines || p.Text == "" {
			p.NumberProblem = p.T("citizen.attestation.problem_number", "Count", consent.AttestationLines)
			p.Problems = append(p.Problems, FieldProblem{"number", p.NumberProblem})
		}
		lines[number] = p.Text
	}
	if _, ok := consent.ParseAttestationCode(p.Code); !ok {
		p.CodeProblem = p.T("citizen.attestation.problem_code")
		p.Problems = append(p.Problems, FieldProblem{"code", p.CodeProblem})
	}
	if len(lines) == 0 {
		p.Problems = append(p.Problems, FieldProblem{"line_1", p.T("citizen.attestation.problem_lines")})
	}
	return consent.Typed{Code: p.Code, Lines: lines, Names: held.PaperNames}
}
