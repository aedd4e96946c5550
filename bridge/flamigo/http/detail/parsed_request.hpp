#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// A whole request, as Beast has parsed it.
using parsed_request = beast::http::request<beast::http::string_body>;

} // namespace flamigo::detail
