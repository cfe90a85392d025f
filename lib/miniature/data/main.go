// The executable of the miniature root: it answers to the names of the Kubernetes executables, and
// carries BoringCrypto as they do.
package main

import (
	"crypto/sha256"
	"crypto/tls"
	_ "crypto/tls/fipsonly"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	name := filepath.Base(os.Args[0])
	sum := sha256.Sum256([]byte(name))
	fmt.Printf("%s of the konvoy-image miniature root (%x, TLS from %#x)\n", name, sum[:4], tls.VersionTLS12)
}
