#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/meta/type_name.hpp>

#include "flamigo/claims/client_certificate.hpp"
#include "flamigo/claims/client_protocol.hpp"
#include "flamigo/claims/client_transport.hpp"
#include "flamigo/claims/user.hpp"
#include "flamigo/described/inspect.hpp"

namespace flamigo {

/// What a claim's `type` is for the actors that the framework makes itself; an
/// application may use names of its own for its actors.
namespace claims_type {

/// A client that is connected: by a WebSocket, or by what stands in for one.
inline constexpr char websocket[] = "websocket";

/// Whoever sends a request over plain HTTP.
inline constexpr char http[] = "http";

/// The program itself.
inline constexpr char backend[] = "backend";

/// A domain actor of the program that acts for itself.
inline constexpr char domain[] = "domain";

} // namespace claims_type

/// What is known of an actor that calls strategies. Plain data: once shared as
/// a `claims_ptr` it does not change any more and may be read on any thread.
struct claims {
  /// One of `claims_type`, or the application's own.
  std::string type;
  /// How a connected client spells what it says.
  client_protocol protocol = client_protocol::none;
  /// What carries it now; another one may take over.
  client_transport transport = client_transport::none;
  /// Unique among the connections of this process; empty for an actor that is
  /// no connection.
  std::string connection_id;
  /// The door by which the actor came in: address and port of the server, such
  /// as `127.0.0.1:8080`, or `local` for an actor of this program.
  std::string interface;
  /// Address of the client, with its port where it is known; empty without one.
  std::string remote_address;
  /// What the client has shown in the TLS handshake, where it was asked for
  /// one; the server trusts it.
  std::optional<client_certificate> certificate;
  /// The headers of the handshake, or of the request over HTTP, that the server
  /// was told to keep, in the order in which they came. A header may stand
  /// there twice.
  std::vector<std::pair<std::string, std::string>> headers;
  /// The domain that acts for itself, such as `app::chat`; empty for others.
  std::string domain;
  /// Who the client has proved to be, if it has.
  std::optional<flamigo::user> user;
  /// Whatever else the application knows.
  std::map<std::string, std::string> extras;

  // Not defaulted: each file would look at every operator that there is.
  bool operator==(const claims& other) const;
};

/// How claims are passed around. For an actor of another process send `claims`
/// themselves: a pointer is a message of this process only.
using claims_ptr = std::shared_ptr<const claims>;

/// The identity of the program itself. Every call returns the same value.
const claims_ptr& backend_claims();

/// The identity of a domain of this program, such as `app::chat`.
claims_ptr domain_claims(std::string domain);

/// Returns the first header of that name, whatever its case, or an empty text.
/// The result lives as long as `who`.
std::string_view header_of(const claims& who, std::string_view name) noexcept;

/// Returns what stands behind the last comma of the last header of that name,
/// without blanks around it: where each proxy on the way adds to a list, as to
/// `X-Forwarded-For`, what the nearest has added. All before it may be the
/// client's own words. For lists whose elements have no commas in them. The
/// result lives as long as `who`.
std::string_view last_header_of(const claims& who,
                                std::string_view name) noexcept;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, claims& x) {
  return f(caf::meta::type_name("flamigo::claims"), x.type, x.protocol,
           x.transport, x.connection_id, x.interface, x.remote_address,
           x.certificate, x.headers, x.domain, x.user, x.extras);
}

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::claims_ptr)
