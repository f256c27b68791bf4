package api

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// address is the address of the service, without a final slash, as it stands on cards,
// in links and in descriptions of tiles: the public one, or else where the request has
// arrived. The header Host is whatever a client writes: what a shared cache or a
// careless reader would be given must not come from it.
func (a *API) address(c *gin.Context) string {
	if a.BaseURL != "" {
		return strings.TrimRight(a.BaseURL, "/")
	}
	return arrived(c.Request)
}

// arrived is the address of this machine by which a connection was made; "" when that
// is not known, so that what follows is an address within the same service. Of Host it
// takes "localhost" only, and only on the machine itself.
func arrived(r *http.Request) string {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return ""
	}
	at, err := netip.ParseAddrPort(local.String())
	if err != nil {
		return ""
	}
	address, port := at.Addr().Unmap().WithZone(""), strconv.Itoa(int(at.Port()))
	host := address.String()
	if name, _, err := net.SplitHostPort(r.Host); err == nil && name == "localhost" && address.IsLoopback() {
		host = name
	}
	return "http://" + net.JoinHostPort(host, port)
}
