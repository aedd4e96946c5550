#include "flamigo/http/detail/endpoint.hpp"

#include <stdexcept>

namespace flamigo::detail {

bool endpoint::takes_over(const parsed_request&) const {
  return true;
}

void endpoint::take_over(io_thread&, stream_socket, const parsed_request&,
                         const request_peer&, std::string_view) {
  throw std::logic_error{"this endpoint takes no socket over"};
}

std::shared_ptr<held_request> endpoint::hold(io_thread&, held_request::owner&,
                                             parsed_request&,
                                             const request_peer&) {
  throw std::logic_error{"this endpoint answers no request later"};
}

} // namespace flamigo::detail
