#!/bin/sh
# Makes every secret that docker-compose.yml names into deploy/secrets/, with a private certificate authority and a
# certificate for login.DOMAIN, api.DOMAIN and todos.DOMAIN. What is there already is never touched, so it may run again
# at any time; to replace something, move it away first.
#
#   deploy/make-secrets.sh                        for https://login.localhost:8443 and its neighbours
#   DOMAIN=example.com deploy/make-secrets.sh     for names of your own
set -eu
umask 077

command -v openssl > /dev/null || {
  echo 'openssl is needed, and is not here.' >&2
  exit 1
}

domain=${DOMAIN:-localhost}
secrets=$(dirname "$0")/secrets
mkdir -p "$secrets"
# Containers see these files with the owner and mode that they have here, and run as users that are nobody here. So the
# files are readable for all, and the folder, which containers never see, lets only you in.
chmod 700 "$secrets"
cd "$secrets"

# Takes what the command prints. The file is there either whole or not at all.
make() {
  name=$1
  shift
  if [ -e "$name" ]; then
    echo "kept  $name"
    return
  fi
  "$@" > "$name.new"
  chmod 444 "$name.new"
  mv "$name.new" "$name"
  echo "made  $name"
}

key() {
  openssl rand -base64 32 | tr '+/' '-_' | tr -d '='
}

password() {
  openssl rand -hex 24
}

database_url() {
  echo "postgres://$1:$(password)@postgres:5432/latchkey"
}

private_key() {
  openssl ecparam -name prime256v1 -genkey -noout
}

# It can vouch for names under DOMAIN only: a browser that trusts it is not at its mercy elsewhere.
ca_certificate() {
  cat > openssl.new << END
[req]
prompt = no
distinguished_name = name
x509_extensions = authority
[name]
CN = Latchkey private CA for $domain
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, permitted;DNS:$domain
END
  openssl req -new -x509 -sha256 -days 3650 -config openssl.new -key ca-key
  rm openssl.new
}

tls_certificate() {
  cat > openssl.new << END
[req]
prompt = no
distinguished_name = name
[name]
CN = login.$domain
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
authorityKeyIdentifier = keyid
subjectAltName = DNS:login.$domain, DNS:api.$domain, DNS:todos.$domain
END
  openssl req -new -sha256 -config openssl.new -key tls-key -out request.new
  openssl x509 -req -sha256 -days 397 -in request.new -CA ca-certificate -CAkey ca-key \
    -set_serial "0x$(openssl rand -hex 16)" -extfile openssl.new -extensions server 2> openssl.log.new ||
    { cat openssl.log.new >&2; return 1; }
  rm openssl.new openssl.log.new request.new
}

make postgres-password password
make authorization-server-database-url database_url authorization_server
make todos-api-database-url database_url todos_api
make demo-client-database-url database_url demo_client
make key-encryption-key key
make session-key key
make demo-client-secret key

# A certificate of your own, put here as tls-certificate and tls-key, needs no private authority. The apps are given
# the authority's certificate all the same, which does no harm.
if [ ! -e ca-certificate ]; then
  make ca-key private_key
  # The one file that no container is given.
  chmod 400 ca-key
  make ca-certificate ca_certificate
fi
if [ ! -e tls-certificate ]; then
  make tls-key private_key
  make tls-certificate tls_certificate
fi

# A certificate of another domain, or one that the authority may not vouch for, would be found out by browsers only.
for name in login api todos; do
  openssl x509 -in tls-certificate -noout -checkhost "$name.$domain" | grep -q 'does match' || {
    echo "tls-certificate is not for $name.$domain. Move away tls-certificate and tls-key (and ca-certificate and ca-key," >&2
    echo "if the authority was made for another domain), and run this again." >&2
    exit 1
  }
done
if [ -e ca-key ]; then
  openssl verify -CAfile ca-certificate tls-certificate > /dev/null 2>&1 || {
    echo "ca-certificate does not vouch for tls-certificate: the authority was made for another domain. Move away" >&2
    echo "ca-certificate, ca-key, tls-certificate and tls-key, and run this again." >&2
    exit 1
  }
fi
