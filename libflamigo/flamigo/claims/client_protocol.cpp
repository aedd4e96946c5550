#include "flamigo/claims/client_protocol.hpp"

namespace flamigo {

std::string to_string(client_protocol x) {
  switch (x) {
    case client_protocol::flamigo:
      return "flamigo";
    case client_protocol::socket_io:
      return "socket.io";
    default:
      return "none";
  }
}

} // namespace flamigo
