package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"

	"quietude/geo/edition"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/pglocal"
	"quietude/server/publication"
	"quietude/server/store"
)

// editionCommands are for who runs the service; the animateur has a button.
type editionCommands struct {
	Build    editionBuild    `cmd:"" help:"Prépare une édition d’ateliers clos, et la publie avec --publier."`
	List     editionList     `cmd:"" help:"Liste les éditions publiées et les ateliers clos qui n’en ont pas."`
	Withdraw editionWithdraw `cmd:"" help:"Retire une édition du public, pour toujours."`
}

// editionStorage is what the three commands have in common.
type editionStorage struct {
	Storage    `embed:""`
	Territoire string `placeholder:"INSEE" env:"QUIETUDE_TERRITOIRE" help:"Commune (code INSEE) ; sans elle, la première chargée."`
	Seuil      int    `placeholder:"K" env:"QUIETUDE_SEUIL" default:"5" help:"Nombre de personnes en dessous duquel rien n’est publié d’un lieu ; au moins 5."`
}

// editing is what a command works with.
type editing struct {
	*database
	publisher  *publication.Publisher
	territoire string
}

// with opens the database beside a running service or alone, and closes it.
func (c *editionStorage) with(p *program, do func(context.Context, editing) error) error {
	if err := c.check(); err != nil {
		return err
	}
	ctx, cancel := p.untilSignal(c.logger(io.Discard))
	defer cancel()
	db, err := p.connect(ctx, c.Storage, c.logger(p.err), pglocal.Open)
	if err != nil {
		return err
	}
	places := hexmap.NewPlaces(db.Store)
	publisher, err := publication.New(db.Store, places, publication.Options{Threshold: c.Seuil, Now: time.Now})
	if err == nil {
		var city *hexmap.City
		if city, err = places.City(ctx, c.Territoire); err == nil {
			err = do(ctx, editing{db, publisher, city.Code})
		}
	}
	return firstError(err, db.close())
}

type editionBuild struct {
	editionStorage `embed:""`
	Publier        bool     `help:"Publie aussitôt ce qui a été préparé."`
	Ateliers       []string `arg:"" name:"atelier" help:"Identifiants des ateliers clos d’un même quartier."`
}

// Run builds a draft and shows it whole; it is published only when asked.
func (c *editionBuild) Run(p *program) error {
	ids := make([]uuid.UUID, len(c.Ateliers))
	for i, text := range c.Ateliers {
		id, err := uuid.Parse(text)
		if err != nil {
			return invalid("atelier", "« %s » n’est pas l’identifiant d’un atelier.", text)
		}
		ids[i] = id
	}
	return c.with(p, func(ctx context.Context, e editing) error {
		first, err := e.Atelier(ctx, ids[0])
		if err != nil {
			return err
		}
		b, err := e.publisher.BuildNow(ctx, store.Brouillon{Territoire: e.territoire, ID: uuid.Must(uuid.NewV7()), Quartier: first.Quartier, Ateliers: ids})
		if err != nil {
			return err
		}
		if _, err := p.out.Write(b.Canonical); err != nil {
			return err
		}
		if !c.Publier {
			return p.say(fmt.Sprintf("# aperçu, rien n’est publié (empreinte %s). Ajoutez --publier pour publier.", b.Hash))
		}
		numero, err := e.publisher.Publish(ctx, e.territoire, b.ID)
		if err != nil {
			return err
		}
		return p.say(fmt.Sprintf("# publiée : %s n° %d, empreinte %s", b.Quartier, numero, b.Hash))
	})
}

type editionList struct {
	editionStorage `embed:""`
}

// Run lists what is published and what could be.
func (c *editionList) Run(p *program) error {
	return c.with(p, func(ctx context.Context, e editing) error {
		all, err := e.PublishedEditions(ctx, e.territoire)
		if err != nil {
			return err
		}
		for _, one := range all {
			state := "empreinte " + one.Hash
			if one.WithdrawnOn != nil {
				state = "retirée le " + one.WithdrawnOn.Format(time.DateOnly)
			} else if read, err := edition.Read(one.Canonical, one.Hash); err != nil {
				state = "ABÎMÉE : " + err.Error()
			} else {
				state = fmt.Sprintf("%d hexagones, %s", len(read.Hexagons()), state)
			}
			if err := p.say(fmt.Sprintf("%s n° %d, publiée le %s, %s", one.Quartier, one.Numero, one.PublishedOn.Format(time.DateOnly), state)); err != nil {
				return err
			}
		}
		counted, err := e.CountedAteliers(ctx, e.territoire)
		if err != nil {
			return err
		}
		ateliers, err := e.Ateliers(ctx, e.territoire, "")
		if err != nil {
			return err
		}
		waiting := 0
		for _, a := range ateliers {
			if a.State == "closed" && !slices.Contains(counted, a.ID) {
				waiting++
				if err := p.say(fmt.Sprintf("%s, atelier clos sans édition : %s", a.Quartier, a.ID)); err != nil {
					return err
				}
			}
		}
		if len(all)+waiting == 0 {
			return p.say("Aucune édition, et aucun atelier clos qui en attende une.")
		}
		return nil
	})
}

type editionWithdraw struct {
	editionStorage `embed:""`
	Quartier       string `arg:"" help:"Code du quartier."`
	Numero         int    `arg:"" help:"Numéro de l’édition."`
}

// Run withdraws an edition.
func (c *editionWithdraw) Run(p *program) error {
	return c.with(p, func(ctx context.Context, e editing) error {
		if err := e.publisher.Withdraw(ctx, e.territoire, c.Quartier, c.Numero); err != nil {
			if fault.KindOf(err) == fault.NotFound {
				return invalid("numero", "Il n’y a pas d’édition n° %d du quartier %s à retirer.", c.Numero, c.Quartier)
			}
			return err
		}
		return p.say(fmt.Sprintf("%s n° %d n’est plus publiée.", c.Quartier, c.Numero))
	})
}
