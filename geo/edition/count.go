package edition

import (
	"slices"

	"quietude/geo/hexgrid"
)

// people counts distinct contributors.
type people map[string]struct{}

// countVoices gives, for each unit and felt, the number of distinct people
// with a voice whose footprint touches the unit.
func countVoices(units []unit, voices []Voice) ([][len(felts)]int, error) {
	unitOf := map[hexgrid.Cell]int{}
	for i, u := range units {
		for _, c := range u.members {
			unitOf[c] = i
		}
	}
	heard := make([][len(felts)]people, len(units))
	for _, v := range voices {
		if err := v.check(); err != nil {
			return nil, err
		}
		for _, c := range v.Cells {
			i, listed := unitOf[c.Parent(Fine)]
			if !listed {
				continue
			}
			of := &heard[i][v.Felt.index()]
			if *of == nil {
				*of = people{}
			}
			(*of)[v.Contributor] = struct{}{}
		}
	}
	counts := make([][len(felts)]int, len(units))
	for i := range heard {
		for f := range felts {
			counts[i][f] = len(heard[i][f])
		}
	}
	return counts, nil
}

func (v Voice) check() error {
	switch {
	case v.Contributor == "":
		return refuse(InvalidContributor)
	case v.Felt.index() < 0:
		return refuse(InvalidFelt)
	case len(v.Cells) == 0:
		return refuse(InvalidFootprint)
	}
	for _, c := range v.Cells {
		if c.Resolution() != hexgrid.Stored || !c.Valid() {
			return refuse(InvalidFootprint)
		}
	}
	return nil
}

// countSaid gives, for each code, the number of distinct people who said it.
func countSaid[Code ~string](codes []Code, said []Said, of func(Said) []Code) ([]int, error) {
	who := make([]people, len(codes))
	for i := range who {
		who[i] = people{}
	}
	for _, s := range said {
		if s.Contributor == "" {
			return nil, refuse(InvalidContributor)
		}
		for _, code := range of(s) {
			i := slices.Index(codes, code)
			if i < 0 {
				return nil, refuse(InvalidStrip)
			}
			who[i][s.Contributor] = struct{}{}
		}
	}
	counts := make([]int, len(codes))
	for i := range who {
		counts[i] = len(who[i])
	}
	return counts, nil
}
