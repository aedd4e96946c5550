#pragma once

#include <string>
#include <string_view>

#include <netinet/in.h>

namespace flamigo::soak {

/// Makes a request without a body and returns the body of the answer. Blocks,
/// for some seconds at most. Throws `std::runtime_error` if the answer is not
/// 200, or none.
std::string http_request(const sockaddr_in& server, std::string_view method,
                         std::string_view target);

} // namespace flamigo::soak
