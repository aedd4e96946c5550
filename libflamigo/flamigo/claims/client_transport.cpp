#include "flamigo/claims/client_transport.hpp"

namespace flamigo {

std::string to_string(client_transport x) {
  switch (x) {
    case client_transport::websocket:
      return "websocket";
    case client_transport::polling:
      return "polling";
    case client_transport::sse:
      return "sse";
    default:
      return "none";
  }
}

} // namespace flamigo
