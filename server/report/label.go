package report

import (
	"strings"

	"quietude/server/atelier"
)

// OriginName is how the origin of signalements is read on paper and in files.
func OriginName(origin string) string {
	switch name, imported := strings.CutPrefix(origin, "import:"); {
	case imported:
		return "fichier « " + name + " »"
	case origin == "demo":
		return "exemples de démonstration"
	}
	return "formulaire des habitants"
}

// ThemeNames are how families of themes are read on paper and in files.
var ThemeNames = map[atelier.Theme]string{
	"BRU": "Nuisances sonores", "OCC": "Occupation de l’espace", "STU": "Stupéfiants (apparence de)", "DEG": "Dégradations",
	"CIR": "Circulation et deux-roues", "PRO": "Propreté, dépôts", "AMB": "Cadre bâti, ambiance", "VIO": "Atteintes aux personnes",
	"VOL": "Atteintes aux biens", "VOI": "Vie collective", "": "–",
}

// ActionCodeNames are how kinds of action are read.
var ActionCodeNames = map[atelier.ActionCode]string{
	"PAT": "Présence, patrouilles", "JUD": "Contrôle, enquête", "MED": "Médiation", "TEC": "Services techniques",
	"AME": "Aménagement", "VID": "Vidéoprotection", "BAI": "Bailleur", "PRE": "Prévention", "VIC": "Aide aux victimes",
	"INF": "Information, rencontre", "REN": "Renvoi motivé",
}

// ActionStateNames are how states of an action are read.
var ActionStateNames = map[atelier.ActionState]string{
	atelier.Proposed: "proposé", atelier.Retained: "retenu", atelier.Studied: "étudié", atelier.Planned: "programmé",
	atelier.Ongoing: "en cours", atelier.Done: "réalisé", atelier.Verified: "vérifié par les habitants",
	atelier.Refused: "refusé", atelier.Forwarded: "transmis", atelier.Abandoned: "abandonné",
}
