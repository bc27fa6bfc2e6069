package citizen

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"
)

// visit is one person's browser during one play.
type visit struct {
	*browser
	server *Server
	person Person
}

func (s *Server) newVisit(p Person) *visit {
	return &visit{browser: newBrowser(s.cfg.Portal, s.cfg.FranceConnect), server: s, person: p}
}

// answer lives a request as its person does, and returns where it leads. Earlier
// consents are withdrawn first, so that each play finds the same person.
func (v *visit) answer(ctx context.Context, target string) (string, error) {
	if err := v.signIn(ctx); err != nil {
		return "", err
	}
	if err := v.withdrawAll(ctx); err != nil {
		return "", err
	}
	asked, err := v.get(ctx, target)
	if err != nil || asked.leads != "" || v.person.Answer.None {
		return asked.leads, err
	}
	f, ok := asked.form("/decision")
	if !ok {
		return "", errors.New("that address shows no question")
	}
	done, err := v.post(ctx, f.action, v.person.Answer.fill(f))
	if err != nil {
		return "", err
	}
	back := done.link("/return")
	if back == "" { // filed: its administration learns of it without the browser
		return "", nil
	}
	left, err := v.get(ctx, back)
	return left.leads, err
}

// fill is the form as the person sends it.
func (a Answer) fill(f form) url.Values {
	sent := f.fields
	sent.Set("decision", "allow")
	sent.Set("confirmed", "yes") // of data about health, or about a pupil: this person says the word
	sent.Set("watch", "yes")     // the monthly look, where it is offered
	if a.Refuse {
		sent.Set("decision", "refuse")
	}
	for i, box := range f.boxes {
		if i == 0 || !a.FirstOnly {
			sent.Add("datatypes", box)
		}
	}
	return sent
}

// signIn goes through FranceConnect's pages.
func (v *visit) signIn(ctx context.Context) error {
	next := v.server.cfg.Portal + "/sign-in"
	for _, part := range []string{"citizen=" + v.person.Key, "/confirm"} {
		p, err := v.get(ctx, next)
		if err != nil {
			return err
		}
		if next = p.link(part); next == "" {
			return errors.New("FranceConnect does not know " + v.person.Key)
		}
	}
	_, err := v.get(ctx, next)
	return err
}

// withdrawAll takes every consent of the person back.
func (v *visit) withdrawAll(ctx context.Context) error {
	home, err := v.get(ctx, v.server.cfg.Portal+"/home")
	if err != nil {
		return err
	}
	for _, link := range home.links {
		if !strings.Contains(link, "/consents/") {
			continue
		}
		if err := v.withdraw(ctx, link); err != nil {
			return err
		}
	}
	return nil
}

func (v *visit) withdraw(ctx context.Context, consent string) error {
	shown, err := v.get(ctx, consent)
	if err != nil {
		return err
	}
	ask := shown.link("/withdraw")
	if !strings.HasSuffix(ask, "/withdraw") { // it ended already: home lists one that ends soon twice
		return nil
	}
	confirm, err := v.get(ctx, ask)
	if err != nil {
		return err
	}
	f, _ := confirm.form("/withdraw")
	_, err = v.post(ctx, f.action, f.fields)
	return err
}

// takeBack is the withdrawal that comes later, when nobody waits for it.
func (v *visit) takeBack() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := v.withdrawAll(ctx); err != nil {
		v.server.cfg.Logger.Warn("sandbox citizen", "error", err)
	}
}
