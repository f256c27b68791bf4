// Package edition turns voices into what may be published: it is the only
// maker of the type [Edition], which is all that a public page may show.
//
// An edition is the immutable, numbered result of one quartier, one closed
// source (some ateliers, or one period) and one resolution. [Build] makes it
// from voices; [Read] brings back the bytes that were stored. Both are pure:
// no clock, no I/O, no randomness.
//
// # The model
//
//   - The unit is the resident: one voice per person, hexagon and felt (P1).
//   - A [Ledger] lets every evening and every day be counted once, ever (P2).
//   - The quartier's ground, a list of hexagons fixed beforehand that shares
//     none with another quartier's ([Partition]), is cut into units before any
//     voice is read: the hexagons of the edition's resolution, except that one
//     with 1 to 7 addresses is replaced, together with all its siblings, by
//     their parent (P3, see mergePattern). Units do not overlap. Resolution,
//     units and list depend on addresses and geometry only.
//   - Each unit and felt is counted, and is published as a class k to 2k−1,
//     2k to 3k−1, 3k and more (5–9, 10–14, 15+ for k = 5) when it reaches a
//     secret threshold, k, k+1 or k+2, drawn from the edition's key; otherwise
//     it is absent, as a unit without voices is (P3, P4).
//   - Themes and dayparts exist for the quartier as a whole, and only when
//     every one of their bars reaches its threshold (P5).
//   - Coarser zooms are sums over published hexagons (P6, [Edition.Zoom]).
//   - The canonical text, its hash and the number are functions of the above (P7).
//
// # Why nothing below k can be computed from it
//
// Let x(c,h,f) be 1 when person c marked stored hexagon h as f. Every number
// published for a unit and a felt is about the entries of that unit and that
// felt, and of no other; so the published numbers have disjoint supports.
//
// (1) Differencing. A linear combination of published numbers that is itself a
// count (coefficients 0 and 1 on entries) can only be a union of whole
// supports: with disjoint supports no coefficient can cancel another's. Each
// support holds k people or more, so every such count does. In particular
// there is no "parent minus its published children": a parent is published
// only in place of all its children, never beside one of them, and zooms are
// sums of what is already public.
//
// (2) Absence. Whether a unit and felt is absent depends on its own entries
// and the key alone. Any other content below the threshold, none at all
// included, gives the same bytes; so an absence says "fewer than k+2" and no
// sum over absent units can be told from zero. This is why merging may not
// look: had the children that lack voices been merged because they lack them,
// a published rest of two children would prove that each has somebody (the
// rest holds 5, neither child may hold more than 4), and the bytes would move
// with what they hide.
//
// (3) Known totals. The number of people in the room is no secret. Bounded
// classes hold k consecutive values, so what is missing to a known total
// ranges over k consecutive values too, or starts at 0; neither fits within
// 1 … k−1. That is why classes widen with the city's k instead of staying
// 5–9: with k = 8 that class would mean 8 or 9. It is also why the key is
// destroyed: who knows that a threshold was k+2 reads the first class as three
// values. Totals (people, both felts together, all themes) are not published,
// since they move with what is absent.
//
// (4) Strips. Bars of themes and dayparts obey (3); a strip is absent as a
// whole, so that a missing bar points at nobody.
//
// The tests search small worlds exhaustively for a set of people whose number
// the published output confines to 1 … k−1, whoever the set is, with the total
// being known; they find none here, and find some in every variant that breaks
// a rule above. Twin worlds that differ in what is hidden have the same bytes.
//
// # What remains
//
// People who agree to mark the same hexagon know their own voices, and when it
// appears they learn that somebody else marked it. If one to four others did,
// all being as likely, one insider makes it appear in 25 % of cases with a
// plain k and in 8 % with the secret threshold, four in 100 and 75 % (measured
// on synthetic quartiers, per hidden voice: 14 and 4.5 %, 100 and 67 %). With a
// plain k its absence would also prove to four insiders that nobody did.
//
// A person who attends three ateliers has three pseudonyms and counts three
// times in an edition that merges them.
//
// Of the voices of one synthetic atelier of twenty, 34 % are in hexagons that
// reach 5 at resolution 10, 81 % at 9; 65 and 97 % when three are merged. The
// secret threshold takes some of these.
//
// The package refuses to publish counts, totals, times, texts, positions,
// pseudonyms, what it left out or how much: the same [Omissions] hold for
// every edition, whether or not anything was left out.
package edition
