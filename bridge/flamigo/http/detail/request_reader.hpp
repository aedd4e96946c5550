#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/parsed_request.hpp"

namespace flamigo::detail {

/// Makes requests of the bytes that a client sends, one after the other. No
/// part of a request is kept beyond a bound: the headers
/// (`server_options::max_header_bytes`), what stands between chunks and behind
/// them (as much), the body, and the bytes that a body comes in (eight times as
/// much: chunks of one byte are legal).
class request_reader {
public:
  enum class state {
    /// There is no whole request.
    wants_more,
    /// `request` is whole.
    whole,
    /// `refusal` is the answer to what has come, and the last one.
    refused
  };

  /// Of an ordinary HTTP request; WebSocket messages have a limit of their own.
  static constexpr std::size_t usual_body_bytes = 65'536;

  /// Says how large the body of a request may be whose headers are there.
  using body_limit = std::function<std::size_t(const parsed_request&)>;

  explicit request_reader(std::size_t max_header_bytes, body_limit limit = {});

  /// Takes over what has come.
  void add(std::string_view bytes) {
    input_.append(bytes);
  }

  /// Goes on with it.
  state read();

  /// Begins with the request behind.
  void next();

  /// Whether `request` is whole, answered or not.
  bool is_whole() const {
    return !refusal_ && parser_->is_done();
  }

  /// Whether a request has begun, and is neither whole nor refused.
  bool has_begun() const;

  /// Whether the client waits for a word before it sends the body (RFC 9110,
  /// 10.1.1). Says so once.
  bool take_expectation() noexcept;

  /// As far as it has come; at least the first line once something is whole or
  /// refused behind it.
  parsed_request& request() {
    return parser_->get();
  }

  http_reply& refusal() {
    return *refusal_;
  }

  /// What the client has sent behind the request.
  std::string_view rest() const noexcept {
    return std::string_view{input_}.substr(used_);
  }

private:
  state refuse(http_reply why);

  state refuse(error_code why);

  /// Whether there is something for the parser.
  bool has_input() const;

  void skip_empty_lines();

  /// Gives the parser what there is.
  void parse(error_code& ec);

  /// What is to be said of the headers as soon as they are there.
  void on_header();

  /// Refuses what is not whole yet and takes more than it may.
  void check_size();

  std::size_t max_header_bytes_;
  body_limit body_limit_;
  /// Of the request whose headers are there.
  std::size_t max_body_bytes_ = usual_body_bytes;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  /// Bytes that have come, those before `used_` are the parser's.
  std::string input_;
  std::size_t used_ = 0;
  /// Bytes of the headers that the parser has taken, then those of the body.
  std::uint64_t taken_ = 0;
  /// Of a request whose body is chunked, as long as that is not whole.
  std::optional<beast::http::request_header<>> headers_;
  bool expects_ = false;
  std::optional<http_reply> refusal_;
};

} // namespace flamigo::detail
