package tile

import (
	"encoding/binary"

	"quietude/geo/hexgrid"
)

// What is written here is the Vector Tile Specification 2.1
// (github.com/mapbox/vector-tile-spec), of which only what hexagons need.

// Fields of its messages, as protobuf tags: number<<3 | wire type, where type 0
// is a varint and 2 is bytes after their length.
const (
	tileLayer = 3<<3 | 2

	layerName    = 1<<3 | 2
	layerFeature = 2<<3 | 2
	layerKey     = 3<<3 | 2
	layerValue   = 4<<3 | 2
	layerExtent  = 5 << 3
	layerVersion = 15 << 3

	featureID       = 1 << 3
	featureTags     = 2<<3 | 2
	featureType     = 3 << 3
	featureGeometry = 4<<3 | 2

	valueString = 1<<3 | 2
	valueUint   = 5 << 3

	typePolygon = 3
	mvtVersion  = 2
)

// Commands of a geometry: id | count<<3.
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// layer is a layer being written, and the room for it.
type layer struct {
	features []byte
	values   []byte
	next     uint32 // number of the next value

	// Small numbers are most of all values: their places in the list of values,
	// plus one. Larger ones are in the map.
	small [1024]uint32
	large map[int32]uint32

	// The feature being written.
	polygons []byte
	tags     []byte
}

func (l *layer) reset() {
	l.features, l.values, l.next = l.features[:0], l.values[:0], 0
	clear(l.small[:])
	clear(l.large)
}

// tag gives the feature a property: a key and the place of its value.
func (l *layer) tag(key byte, value uint32) {
	l.tags = binary.AppendUvarint(append(l.tags, key), uint64(value))
}

// number returns the place of a count in the list of values.
func (l *layer) number(n int32) uint32 {
	if n >= 0 && int(n) < len(l.small) {
		if l.small[n] == 0 {
			l.small[n] = l.addNumber(n) + 1
		}
		return l.small[n] - 1
	}
	place, known := l.large[n]
	if !known {
		if l.large == nil {
			l.large = make(map[int32]uint32)
		}
		place = l.addNumber(n)
		l.large[n] = place
	}
	return place
}

func (l *layer) addNumber(n int32) uint32 {
	l.values = append(l.values, layerValue, byte(1+uvarintSize(uint64(n))), valueUint)
	l.values = binary.AppendUvarint(l.values, uint64(n))
	return l.place()
}

// text adds the index of a cell, which no other feature has.
func (l *layer) text(cell hexgrid.Cell) uint32 {
	const digits, length = "0123456789abcdef", 15
	l.values = append(l.values, layerValue, 2+length, valueString, length)
	for shift := 4 * (length - 1); shift >= 0; shift -= 4 {
		l.values = append(l.values, digits[cell>>shift&15])
	}
	return l.place()
}

// place counts the value just written and returns its place.
func (l *layer) place() uint32 {
	l.next++
	return l.next - 1
}

// addFeature writes the feature whose tags and polygons are ready.
func (l *layer) addFeature(id uint64) {
	size := 1 + uvarintSize(id) + 2 + // id and type
		1 + uvarintSize(uint64(len(l.tags))) + len(l.tags) +
		1 + uvarintSize(uint64(len(l.polygons))) + len(l.polygons)
	dst := binary.AppendUvarint(append(l.features, layerFeature), uint64(size))
	dst = binary.AppendUvarint(append(dst, featureID), id)
	dst = appendBytes(dst, featureTags, l.tags)
	dst = append(dst, featureType, typePolygon)
	l.features = appendBytes(dst, featureGeometry, l.polygons)
}

// tile returns the finished tile, nil without features.
func (l *layer) tile() []byte {
	if len(l.features) == 0 {
		return nil
	}
	var head, tail []byte
	head = append(head, layerVersion, mvtVersion)
	head = appendBytes(head, layerName, []byte(LayerName))
	for _, key := range keys {
		tail = appendBytes(tail, layerKey, []byte(key))
	}
	foot := binary.AppendUvarint([]byte{layerExtent}, Extent)

	size := len(head) + len(l.features) + len(tail) + len(l.values) + len(foot)
	dst := make([]byte, 0, 1+binary.MaxVarintLen64+size)
	dst = binary.AppendUvarint(append(dst, tileLayer), uint64(size))
	for _, part := range [][]byte{head, l.features, tail, l.values, foot} {
		dst = append(dst, part...)
	}
	return dst
}

func appendBytes(dst []byte, field byte, value []byte) []byte {
	dst = binary.AppendUvarint(append(dst, field), uint64(len(value)))
	return append(dst, value...)
}

func uvarintSize(n uint64) int {
	size := 1
	for ; n >= 0x80; n >>= 7 {
		size++
	}
	return size
}
