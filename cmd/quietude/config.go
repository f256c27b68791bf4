package main

import (
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/mail"
)

// Storage says which database a command works on.
type Storage struct {
	Data        string `placeholder:"DOSSIER" env:"QUIETUDE_DATA" help:"Dossier de données : la base privée s’y trouve, et s’y crée au premier démarrage."`
	DatabaseURL string `name:"database-url" placeholder:"URL" env:"DATABASE_URL" help:"Base PostgreSQL + PostGIS existante, à la place de la base privée."`
	PublicURL   string `name:"public-database-url" placeholder:"URL" env:"QUIETUDE_PUBLIC_DATABASE_URL" help:"La même base que --database-url, pour le rôle des pages publiques, qui ne lit que les éditions. La base privée a le sien."`
	LogLevel    string `placeholder:"NIVEAU" env:"QUIETUDE_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"Détail du journal : debug, info, warn ou error."`
}

// Config is everything that the service can be told. Each field is a flag and
// an environment variable; the flag wins.
type Config struct {
	Storage          `embed:""`
	Listen           string   `placeholder:"ADRESSE" env:"QUIETUDE_LISTEN" default:"127.0.0.1:8080" help:"Adresse et port d’écoute ; le port 0 en choisit un libre."`
	Territoire       string   `placeholder:"INSEE" env:"QUIETUDE_TERRITOIRE" help:"Commune montrée d’abord (code INSEE) ; sans elle, la première chargée."`
	BaseURL          string   `name:"base-url" placeholder:"URL" env:"QUIETUDE_BASE_URL" help:"Adresse publique du service, écrite sur les cartes de table et dans les liens ; sans elle, ils portent l’adresse de la machine par laquelle la demande est arrivée."`
	BasemapURL       string   `name:"basemap-url" placeholder:"URL" env:"QUIETUDE_BASEMAP_URL" help:"Fond de carte image en plus du nôtre, avec {z}, {x} et {y} (par exemple le Plan IGN)."`
	TrustedProxies   []string `placeholder:"ADRESSE" env:"QUIETUDE_TRUSTED_PROXIES" help:"Adresses (ou plages CIDR) des mandataires inverses dont l’en-tête X-Forwarded-For est cru, pour compter les codes erronés par personne."`
	Seuil            int      `placeholder:"K" env:"QUIETUDE_SEUIL" default:"5" help:"Nombre de personnes en dessous duquel rien n’est publié d’un lieu ; au moins 5."`
	DPO              string   `name:"dpo" placeholder:"CONTACT" env:"QUIETUDE_DPO" help:"Comment joindre le ou la délégué·e à la protection des données, écrit sur /vie-privee."`
	SecurityContact  string   `name:"security-contact" placeholder:"ADRESSE" env:"QUIETUDE_SECURITY_CONTACT" help:"Où signaler une faille, publié dans /.well-known/security.txt : mailto:securite@ville.fr ou https://… ; sans elle, ce fichier n’existe pas."`
	SMTPURL          string   `name:"smtp-url" placeholder:"URL" env:"QUIETUDE_SMTP_URL" help:"Serveur d’envoi des invitations, des rappels aux pilotes et des questions aux habitants : smtp://compte:mot-de-passe@serveur:587 ou smtps://…:465 ; sans lui, les invitations partent par lettre. Un serveur qui ne propose pas de chiffrement (STARTTLS) n’est accepté que sur la machine elle-même, ou en écrivant smtp+plaintext://serveur:25, sans compte."`
	SMTPFrom         string   `name:"smtp-from" placeholder:"ADRESSE" env:"QUIETUDE_SMTP_FROM" help:"Expéditeur de ces messages, par exemple « Ville <tranquillite@ville.fr> »."`
	Rappels          []int    `placeholder:"JOURS" env:"QUIETUDE_RAPPELS" default:"14,3,-1,-30" help:"Jours avant l’échéance d’une action auxquels l’organisation qui la pilote reçoit un rappel ; négatifs après elle. Un rappel par action et par seuil ; vide, aucun rappel."`
	OIDCIssuer       string   `name:"oidc-issuer" placeholder:"URL" env:"QUIETUDE_OIDC_ISSUER" help:"Fournisseur d’identité (OpenID Connect, par exemple ProConnect) par lequel les agents peuvent se connecter ; sans lui, le mot de passe seul."`
	OIDCClientID     string   `name:"oidc-client-id" placeholder:"TEXTE" env:"QUIETUDE_OIDC_CLIENT_ID" help:"Identifiant du service chez ce fournisseur."`
	OIDCClientSecret string   `name:"oidc-client-secret" placeholder:"TEXTE" env:"QUIETUDE_OIDC_CLIENT_SECRET" help:"Secret du service chez ce fournisseur."`
	OIDCPKCE         bool     `name:"oidc-pkce" env:"QUIETUDE_OIDC_PKCE" help:"Ajoute une clé de preuve (PKCE) ; certains fournisseurs l’exigent, ProConnect s’en passe."`
	OIDCTrustEmail   bool     `name:"oidc-trust-email" env:"QUIETUDE_OIDC_TRUST_EMAIL" help:"Accepte, pour rattacher un compte à la première connexion, une adresse que le fournisseur ne dit pas avoir vérifiée (email_verified absent) ; seulement s’il ne connaît que des adresses d’agents."`
	OIDCACR          []string `name:"oidc-acr" placeholder:"NIVEAU" env:"QUIETUDE_OIDC_ACR" help:"Niveaux (acr) par lesquels ce fournisseur dit avoir demandé un second facteur : ils lui sont demandés, et qui revient sans l’un d’eux, ni mfa dans amr, n’entre pas. Chez ProConnect : eidas2, eidas3, https://proconnect.gouv.fr/assurance/self-asserted-2fa et https://proconnect.gouv.fr/assurance/consistency-checked-2fa. Sans eux, le fournisseur décide."`
	OIDCName         string   `name:"oidc-name" placeholder:"NOM" env:"QUIETUDE_OIDC_NAME" default:"ProConnect" help:"Nom de ce fournisseur sur le bouton de /connexion."`
	Secret           string   `placeholder:"TEXTE" env:"QUIETUDE_SECRET" help:"Au moins 32 caractères au hasard, les mêmes sur tous les nœuds : chiffre en base les seconds facteurs. Exigé avec DATABASE_URL et une adresse en https ; la base privée a le sien dans le dossier de données."`
	SecondFactor     string   `name:"second-factor" placeholder:"RÈGLE" env:"QUIETUDE_SECOND_FACTOR" default:"auto" enum:"auto,required,offered" help:"Second facteur des comptes qui se connectent par mot de passe : required l’exige avant toute autre page, offered le propose ; auto l’exige avec une adresse publique en https (--base-url)."`
	HeapRoom         uint64   `name:"heap-room" placeholder:"MIO" env:"QUIETUDE_HEAP_ROOM" default:"128" help:"Mémoire en Mio que le programme peut prendre en plus de ce qu’il occupe avant de ramasser ce qui ne sert plus ; 0 laisse faire Go (le double de l’occupé). Sans effet quand GOGC est donné ; GOMEMLIMIT est toujours tenu."`
	Demo             bool     `env:"QUIETUDE_DEMO" help:"Charge des données fictives si elles n’y sont pas, et écrit demo.json dans le dossier de données."`
}

func invalid(field, detail string, args ...any) error {
	return fault.New(fault.Invalid, "configuration", detail, args...).At(field)
}

// check refuses what no command can work with.
func (s Storage) check() error {
	if s.Data == "" && s.DatabaseURL == "" {
		return invalid("data", "Indiquez un dossier de données (--data DOSSIER) ou une base existante (--database-url URL).")
	}
	if s.DatabaseURL == "" {
		if s.PublicURL != "" {
			return invalid("public-database-url", "La base privée a son propre rôle pour le public : --public-database-url va avec --database-url.")
		}
		return nil
	}
	if u, err := url.Parse(s.DatabaseURL); err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") {
		return nil
	}
	// The value may hold a password: it is not repeated.
	return invalid("database-url", "L’adresse de la base (--database-url ou DATABASE_URL) doit commencer par postgres://.")
}

// check refuses a configuration with a sentence that says what to change.
func (c Config) check() error {
	if err := c.Storage.check(); err != nil {
		return err
	}
	for _, check := range []func() error{c.checkListen, c.checkTerritoire, c.checkBaseURL, c.checkBasemapURL, c.checkMail, c.checkProxies, c.checkSecurityContact, c.checkOIDC} {
		if err := check(); err != nil {
			return err
		}
	}
	if c.Demo && c.Data == "" {
		return invalid("demo", "La démonstration écrit ses codes dans le dossier de données : indiquez-le avec --data.")
	}
	return c.checkProduction()
}

// checkProduction refuses what is for trying and for debugging once the service
// has a public address.
func (c Config) checkProduction() error {
	switch {
	case c.Secret != "" && len(c.Secret) < auth.MinSecret:
		return invalid("secret", "Le secret du service (QUIETUDE_SECRET) doit avoir au moins %d caractères au hasard.", auth.MinSecret)
	case c.Secret != "" && variety(c.Secret) < minVariety:
		return invalid("secret", "Le secret du service (QUIETUDE_SECRET) n’est pas tiré au hasard : il n’a que %d caractères différents. Par exemple : openssl rand -hex 32.", variety(c.Secret))
	case !c.https():
		return nil
	case c.DatabaseURL != "" && c.Secret == "":
		return invalid("secret", "Avec une base existante et une adresse publique, donnez le secret du service dans QUIETUDE_SECRET (au moins %d caractères au hasard, les mêmes sur tous les nœuds).", auth.MinSecret)
	case c.Demo:
		return invalid("demo", "La démonstration (--demo) a des comptes fictifs : elle ne va pas avec une adresse publique en https (--base-url).")
	case c.LogLevel == "debug":
		return invalid("log-level", "Le journal de mise au point (--log-level debug) ne va pas avec une adresse publique en https (--base-url).")
	case strings.HasPrefix(c.BasemapURL, "http://"):
		return invalid("basemap-url", "Avec une adresse publique en https (--base-url), celle du fond de carte (--basemap-url) doit commencer par https:// : les navigateurs refusent un fond en clair.")
	}
	return nil
}

// minVariety is how many different characters a secret has that was drawn at random:
// 32 hexadecimal digits have fewer with a chance below 10⁻⁷.
const minVariety = 8

func variety(secret string) int {
	different := map[rune]bool{}
	for _, r := range secret {
		different[r] = true
	}
	return len(different)
}

func (c Config) checkListen() error {
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil || port == "" {
		return invalid("listen", "L’adresse d’écoute « %s » n’est pas de la forme adresse:port, par exemple 127.0.0.1:8080.", c.Listen)
	}
	return nil
}

var inseePattern = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}$`)

func (c Config) checkTerritoire() error {
	if c.Territoire != "" && !inseePattern.MatchString(c.Territoire) {
		return invalid("territoire", "« %s » n’est pas un code INSEE de commune (cinq caractères, par exemple 73065).", c.Territoire)
	}
	return nil
}

func (c Config) checkBaseURL() error {
	if c.BaseURL == "" {
		return nil
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return invalid("base-url", "L’adresse publique « %s » doit être de la forme https://nom.exemple.fr, sans chemin.", c.BaseURL)
	}
	if u.User != nil {
		return invalid("base-url", "L’adresse publique (--base-url) ne contient ni compte ni mot de passe : elle est écrite sur les cartes de table.")
	}
	// Without https anybody on the way reads what is confided, and sessions: that is for
	// trying, on the machine itself or in a hall's own network.
	if u.Scheme == "http" && !local(u.Hostname()) {
		return invalid("base-url", "L’adresse publique « %s » doit commencer par https:// : sans chiffrement, ce que confient les habitants se lirait en chemin. http:// n’est accepté que pour la machine elle-même ou un réseau privé.", c.BaseURL)
	}
	return nil
}

// local reports whether a host is this machine, or an address of a private network.
func local(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && (address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast())
}

// checkOIDC wants all that a provider needs, or nothing.
func (c Config) checkOIDC() error {
	if c.OIDCIssuer == "" && c.OIDCClientID == "" && c.OIDCClientSecret == "" && len(c.OIDCACR) == 0 {
		return nil
	}
	u, err := url.Parse(c.OIDCIssuer)
	switch {
	case c.OIDCIssuer == "" || c.OIDCClientID == "" || c.OIDCClientSecret == "":
		return invalid("oidc-issuer", "Pour un fournisseur d’identité, donnez ensemble QUIETUDE_OIDC_ISSUER, QUIETUDE_OIDC_CLIENT_ID et QUIETUDE_OIDC_CLIENT_SECRET.")
	case err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && !c.https()):
		return invalid("oidc-issuer", "L’adresse du fournisseur d’identité doit commencer par https://.")
	case c.BaseURL == "":
		return invalid("base-url", "Le fournisseur d’identité renvoie les personnes à l’adresse publique du service : indiquez aussi --base-url.")
	case c.OIDCName == "":
		return invalid("oidc-name", "Donnez un nom au fournisseur d’identité, pour le bouton de connexion.")
	}
	return nil
}

// provider is the identity provider; nil without one.
func (c Config) provider() *auth.Provider {
	if c.OIDCIssuer == "" {
		return nil
	}
	return auth.NewProvider(auth.ProviderOptions{Name: c.OIDCName, Issuer: c.OIDCIssuer, ClientID: c.OIDCClientID,
		ClientSecret: c.OIDCClientSecret, PKCE: c.OIDCPKCE, TrustEmail: c.OIDCTrustEmail, Levels: c.OIDCACR, BaseURL: c.baseURL()})
}

func (c Config) checkSecurityContact() error {
	if c.SecurityContact == "" {
		return nil
	}
	u, err := url.Parse(c.SecurityContact)
	if err == nil && !strings.ContainsAny(c.SecurityContact, " \t\r\n") &&
		(u.Scheme == "mailto" && strings.Contains(u.Opaque, "@") || u.Scheme == "https" && u.Host != "") {
		return nil
	}
	return invalid("security-contact", "Le contact pour les failles « %s » doit être de la forme mailto:adresse ou https://….", c.SecurityContact)
}

// checkMail wants a server, a sender and the address of the links, or none.
func (c Config) checkMail() error {
	if c.SMTPURL == "" && c.SMTPFrom == "" {
		return nil
	}
	if c.BaseURL == "" {
		return invalid("smtp-url", "Les invitations contiennent un lien : indiquez aussi --base-url.")
	}
	for _, days := range c.Rappels {
		if days < -366 || days > 366 {
			return invalid("rappels", "Un rappel part au plus un an avant ou après l’échéance : %d jours est trop loin.", days)
		}
	}
	if _, err := mail.New(c.SMTPURL, c.SMTPFrom); err != nil {
		return invalid("smtp-url", "%s", fault.As(err).Detail)
	}
	return nil
}

func (c Config) checkBasemapURL() error {
	if c.BasemapURL == "" {
		return nil
	}
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(c.BasemapURL))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return invalid("basemap-url", "L’adresse du fond de carte doit commencer par https://.")
	}
	for _, member := range []string{"{z}", "{x}", "{y}"} {
		if !strings.Contains(c.BasemapURL, member) {
			return invalid("basemap-url", "L’adresse du fond de carte doit contenir {z}, {x} et {y} ; il manque %s.", member)
		}
	}
	return nil
}

func (c Config) checkProxies() error {
	for _, p := range c.TrustedProxies {
		network, prefix := netip.ParsePrefix(p)
		if prefix == nil && network.Bits() == 0 {
			return invalid("trusted-proxies", "« %s » est tout le monde : n’importe qui choisirait l’adresse sous laquelle ses essais sont comptés. N’indiquez que vos mandataires.", p)
		}
		if _, address := netip.ParseAddr(p); prefix != nil && address != nil {
			return invalid("trusted-proxies", "« %s » n’est ni une adresse ni une plage d’adresses (par exemple 10.0.0.0/8).", p)
		}
	}
	return nil
}

// baseURL is the public address without a final slash.
func (c Config) baseURL() string { return strings.TrimRight(c.BaseURL, "/") }

// https reports whether browsers reach the service by https only.
func (c Config) https() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// secondFactor reports whether every account that signs in with a password must
// have a second factor.
func (c Config) secondFactor() bool {
	return c.SecondFactor == "required" || c.SecondFactor == "auto" && c.https()
}

// logger writes lines for people and tools to w.
func (s Storage) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}
