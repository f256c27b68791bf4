package api

import (
	"quietude/geo"
	"quietude/server/fault"
)

// refusal is how a reason of geo is told: its kind, its code and a French
// sentence. A sentence with %d is given the limit.
type refusal struct {
	kind   fault.Kind
	code   string
	detail string
	limit  bool
}

// refusals has a line for every reason of geo.AllReasons.
var refusals = map[geo.Reason]refusal{
	geo.MissingPosition:   {fault.Invalid, "position_absente", "La position manque : indiquez la longitude et la latitude.", false},
	geo.NotANumber:        {fault.Invalid, "position_invalide", "La longitude et la latitude doivent être des nombres.", false},
	geo.WrongDimension:    {fault.Invalid, "position_invalide", "Une position compte exactement deux nombres : la longitude puis la latitude.", false},
	geo.OutOfRange:        {fault.Invalid, "position_invalide", "La longitude va de −180 à 180 et la latitude de −90 à 90.", false},
	geo.SwappedAxes:       {fault.Invalid, "coordonnees_inversees", "Les coordonnées semblent inversées ? La longitude vient en premier, puis la latitude.", false},
	geo.Lambert93:         {fault.Unprocessable, "lambert93", "Ces coordonnées semblent être en Lambert-93 ; envoyez des degrés (WGS 84), la longitude en premier.", false},
	geo.OutsideTerritoire: {fault.Unprocessable, "hors_territoire", "Ce lieu est en dehors de la ville.", false},

	geo.EmptyGeometry:        {fault.Unprocessable, "geometrie_vide", "Cette surface est vide.", false},
	geo.TooFewPoints:         {fault.Unprocessable, "contour_trop_court", "Un contour compte au moins quatre positions, la première reprise à la fin.", false},
	geo.UnclosedRing:         {fault.Unprocessable, "contour_ouvert", "Le contour n’est pas fermé : sa dernière position doit être la première.", false},
	geo.ZeroArea:             {fault.Unprocessable, "surface_nulle", "Toutes les positions du contour sont sur une même ligne.", false},
	geo.SelfIntersection:     {fault.Unprocessable, "contour_croise", "Le contour se croise ou se touche lui-même.", false},
	geo.CrossingRings:        {fault.Unprocessable, "contours_croises", "Deux contours de cette surface se croisent.", false},
	geo.HoleOutsideShell:     {fault.Unprocessable, "trou_hors_contour", "Un trou est en dehors de sa surface.", false},
	geo.NestedHoles:          {fault.Unprocessable, "trous_emboites", "Un trou se trouve dans un autre trou.", false},
	geo.DisconnectedInterior: {fault.Unprocessable, "surface_coupee", "Les trous coupent la surface en plusieurs morceaux.", false},
	geo.OverlappingParts:     {fault.Unprocessable, "parties_superposees", "Deux parties de cette surface se recouvrent.", false},
	geo.TooSmall:             {fault.Unprocessable, "surface_trop_petite", "Cette surface est trop petite : moins de %d m².", true},
	geo.TooWide:              {fault.Unprocessable, "surface_trop_grande", "Cette surface est plus grande qu’une commune : plus de %d km².", true},
	geo.TooManyVertices:      {fault.TooLarge, "trop_de_sommets", "Ce tracé compte trop de positions : au plus %d.", true},
	geo.TooLarge:             {fault.Unprocessable, "surface_trop_grande", "Cette surface demanderait plus de %d hexagones.", true},
	geo.CrossesAntimeridian:  {fault.Unprocessable, "hors_territoire", "Cette surface fait le tour de la Terre : elle est en dehors de la ville.", false},

	geo.InvalidCell:       {fault.Invalid, "hexagone_inconnu", "Cet identifiant n’est pas celui d’un hexagone H3.", false},
	geo.InvalidResolution: {fault.Invalid, "resolution_inconnue", "Cette résolution n’est pas proposée.", false},
	geo.RadiusTooLarge:    {fault.Invalid, "rayon_trop_grand", "Ce rayon dépasse %d anneaux d’hexagones.", true},

	geo.InvalidJSON:         {fault.Invalid, "json_illisible", "Le texte envoyé n’est pas du JSON bien formé.", false},
	geo.InvalidText:         {fault.Invalid, "texte_illisible", "Le texte contient un caractère qui ne peut pas être gardé.", false},
	geo.DuplicateKey:        {fault.Invalid, "champ_double", "Le même champ est donné deux fois.", false},
	geo.UnknownKey:          {fault.Invalid, "champ_en_trop", "Ce champ n’est pas prévu ici.", false},
	geo.MissingKey:          {fault.Invalid, "champ_absent", "Il manque un champ.", false},
	geo.WrongType:           {fault.Invalid, "position_invalide", "La géométrie est mal écrite (GeoJSON attendu).", false},
	geo.TooDeep:             {fault.Invalid, "json_trop_profond", "Le texte envoyé est trop imbriqué : au plus %d niveaux.", true},
	geo.UnsupportedGeometry: {fault.Invalid, "geometrie_refusee", "Ce type de géométrie n’est pas accepté ici.", false},
	geo.WrongCRS:            {fault.Unprocessable, "systeme_refuse", "Seules les coordonnées en degrés WGS 84 sont lues.", false},
	geo.FileTooLarge:        {fault.TooLarge, "envoi_trop_grand", "L’envoi dépasse %d octets.", true},
	geo.TooManyFeatures:     {fault.TooLarge, "trop_d_objets", "L’envoi compte plus de %d objets.", true},
	geo.TextTooLong:         {fault.Invalid, "texte_trop_long", "Un texte dépasse %d caractères.", true},
	geo.NullFeature:         {fault.Invalid, "objet_nul", "Un objet de la collection est nul.", false},
	geo.NoFeatures:          {fault.Unprocessable, "collection_vide", "La collection ne contient aucun objet.", false},
	geo.DuplicateCode:       {fault.Conflict, "code_double", "Deux quartiers portent le même code.", false},
	geo.DuplicateName:       {fault.Conflict, "nom_double", "Deux quartiers portent le même nom.", false},
	geo.InvalidCode:         {fault.Unprocessable, "code_invalide", "Un code compte 1 à 12 lettres majuscules, chiffres, tirets ou soulignés.", false},
}

// invalidGeometry is a refusal of geo as a fault. The place, when there is one,
// is that of what the client itself sent.
func invalidGeometry(e *geo.Invalid) *fault.Error {
	r, ok := refusals[e.Reason]
	if !ok {
		r = refusal{fault.Invalid, "geometrie_refusee", "Cette géométrie n’est pas acceptée.", false}
	}
	var f *fault.Error
	if r.limit {
		f = fault.New(r.kind, r.code, r.detail, e.Limit)
	} else {
		f = fault.New(r.kind, r.code, r.detail)
	}
	if e.Field != "" {
		f = f.At(e.Field)
	}
	if e.At != nil {
		f = f.With("at", *e.At)
	}
	if e.Feature > 0 {
		f = f.With("feature", e.Feature)
	}
	return f.Because(e)
}
