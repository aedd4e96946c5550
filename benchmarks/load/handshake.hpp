#pragma once

#include <string>
#include <string_view>

#include "frame.hpp"

namespace flamigo::load {

/// Returns the HTTP request that asks for a WebSocket. Its key is always that
/// of RFC 6455's example, whose answer is known, so that nothing has to be
/// hashed. A token is shown unless it is empty.
std::string upgrade_request(std::string_view host, std::string_view path,
                            std::string_view token = {});

/// Takes the answer to it off `bytes`. If it is no agreement, `failure` says
/// what the server answered.
frame_status take_upgrade_response(std::string_view& bytes,
                                   std::string& failure);

} // namespace flamigo::load
