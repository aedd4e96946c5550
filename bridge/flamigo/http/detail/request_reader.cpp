#include "flamigo/http/detail/request_reader.hpp"

#include <stdexcept>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/framing.hpp"

namespace flamigo::detail {

namespace http = beast::http;

request_reader::request_reader(std::size_t max_header_bytes, body_limit limit)
  : max_header_bytes_(max_header_bytes), body_limit_(std::move(limit)) {
  next();
}

void request_reader::next() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(max_header_bytes_));
  // Not before we know what for.
  parser_->body_limit(boost::none);
  taken_ = 0;
  expects_ = false;
  headers_.reset();
}

request_reader::state request_reader::read() {
  if (refusal_)
    return state::refused;
  skip_empty_lines();
  while (has_input()) {
    error_code ec;
    parse(ec);
    if (refusal_)
      return state::refused;
    if (ec == http::error::need_more)
      break;
    if (ec)
      return refuse(ec);
    if (parser_->is_done()) {
      if (headers_)
        parser_->get().base() = *std::exchange(headers_, std::nullopt);
      return state::whole;
    }
  }
  input_.erase(0, used_);
  used_ = 0;
  // The next request may be long in coming.
  if (input_.empty() && input_.capacity() > max_header_bytes_)
    std::string{}.swap(input_);
  check_size();
  return refusal_ ? state::refused : state::wants_more;
}

bool request_reader::has_begun() const {
  return !refusal_ && !parser_->is_done()
         && (parser_->got_some() || has_input());
}

bool request_reader::take_expectation() noexcept {
  return std::exchange(expects_, false);
}

request_reader::state request_reader::refuse(http_reply why) {
  refusal_ = std::move(why);
  return state::refused;
}

request_reader::state request_reader::refuse(error_code why) {
  return refuse(bad_request(why));
}

bool request_reader::has_input() const {
  // Half an empty line is not the parser's either.
  if (!parser_->got_some())
    return !rest().empty() && rest() != "\r";
  // The last chunk has five bytes, and it ends every chunked body (RFC 9112,
  // 7.1): less is worth no call, and not every version of Beast takes it well.
  auto chunked = parser_->is_header_done() && parser_->chunked();
  return input_.size() - used_ >= (chunked ? 5u : 1u);
}

void request_reader::skip_empty_lines() {
  // Some clients send one behind a body (RFC 9112, 2.2).
  if (!parser_->got_some())
    while (rest().starts_with("\r\n"))
      used_ += 2;
}

void request_reader::parse(error_code& ec) {
  auto in_body = parser_->is_header_done();
  try {
    auto size = parser_->put(
      net::buffer(input_.data() + used_, input_.size() - used_), ec);
    used_ += size;
    taken_ += size;
    if (!in_body && parser_->is_header_done())
      on_header();
  } catch (const std::length_error&) {
    // Beast keeps no field of 64 KiB, and puts no limit to what stands behind a
    // body.
    ec = in_body ? http::error::body_limit : http::error::header_limit;
  }
}

void request_reader::on_header() {
  // Beast's limit is for the first line, and for what it is given at once.
  if (taken_ > max_header_bytes_) {
    refuse(http::error::header_limit);
    return;
  }
  taken_ = 0;
  auto& req = parser_->get();
  if ((refusal_ = check_framing(req)))
    return;
  join_lists(req);
  max_body_bytes_ = body_limit_ ? body_limit_(req) : usual_body_bytes;
  if (auto size = parser_->content_length(); size && *size > max_body_bytes_) {
    refuse(http::error::body_limit);
    return;
  }
  parser_->body_limit(max_body_bytes_);
  // What comes behind a chunked body gets among the headers, behind all checks
  // (RFC 9110, 6.5.1).
  if (parser_->chunked())
    headers_ = req.base();
  expects_ = !parser_->is_done() && req.version() >= 11 && rest().empty()
             && beast::iequals(req[http::field::expect], "100-continue");
  parser_->eager(true);
}

void request_reader::check_size() {
  if (!parser_->is_header_done()) {
    if (taken_ + input_.size() > max_header_bytes_)
      refuse(http::error::header_limit);
  } else if (taken_ > 8 * max_body_bytes_
             || input_.size() > max_header_bytes_) {
    refuse(http::error::body_limit);
  }
}

} // namespace flamigo::detail
