#include "flamigo/websocket/detail/frame_input.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/beast/websocket/error.hpp>

#include "flamigo/io/detail/utf8.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/unmask.hpp"

namespace flamigo::detail {

namespace {

/// What a compressed frame comes to counts as one frame for so many bytes.
constexpr std::size_t bytes_of_a_frame = 1'024;

bool is_close(std::string_view frame) {
  return (static_cast<std::uint8_t>(frame[0]) & frame_bits::opcode)
         == frame_bits::close;
}

} // namespace

frame_input::~frame_input() {
  let_go();
}

void frame_input::inflate() {
  inflater_ = std::make_unique<frame_inflater>(cutter_.max_message_bytes());
}

void frame_input::stop() {
  closed_ = true;
  blocked_ = false;
  let_go();
}

// -- frames -------------------------------------------------------------------

void frame_input::feed(std::string_view bytes) {
  feeding_ = true;
  blocked_ = false;
  if (stash_.size() == used_) {
    auto used = serve(bytes);
    stash_.assign(bytes.substr(used));
    used_ = 0;
  } else {
    stash_.append(bytes);
    // Served from a local: the string must not move while it is read.
    auto work = std::move(stash_);
    used_ += serve(std::string_view{work}.substr(used_));
    // Moved together when half of it is empty: each byte once at most, however
    // small the frames are.
    if (used_ > work.size() / 2) {
      work.erase(0, used_);
      used_ = 0;
    }
    stash_ = std::move(work);
  }
  if (stash_.size() == used_ && stash_.capacity() > std::string{}.capacity())
    std::string{}.swap(stash_);
  feeding_ = false;
  rest();
  if (blocked_ && (!reader_ || reader_->is_waiting()))
    owner_.frames_left();
}

std::size_t frame_input::serve(std::string_view bytes) {
  std::size_t used = 0;
  std::size_t frames = 0;
  for (;;) {
    if (closed_)
      return bytes.size();
    if (auto plain = inflated(); !plain.empty()) {
      if (!can_read()) {
        blocked_ = true;
        break;
      }
      inflater_->take(reader_->read(plain));
      continue;
    }
    if (used == bytes.size())
      break;
    auto rest = bytes.substr(used);
    if (drop_left_ > 0) {
      auto n = std::min<std::uint64_t>(drop_left_, rest.size());
      drop_left_ -= n;
      used += static_cast<std::size_t>(n);
      continue;
    }
    if (frame_left_ == 0) {
      auto whole = cutter_.size(rest);
      if (whole == 0)
        break;
      if (cutter_.refused()) {
        if (++frames > max_frames) {
          blocked_ = true;
          break;
        }
        drop_left_ = whole;
        cutter_.next();
        owner_.message_refused();
        continue;
      }
      if (whole > rest.size())
        break;
      auto size = static_cast<std::size_t>(whole);
      // The stream has read all before a close frame when it reads on.
      if (++frames > max_frames
          || (is_close(rest) && reader_ && !reader_->is_waiting())) {
        blocked_ = true;
        break;
      }
      cutter_.next();
      if (frame_cutter::is_control(rest)) {
        if (take_control(rest.substr(0, size))) {
          used += size;
          continue;
        }
      } else if (inflater_ && inflater_->is_compressed(rest)) {
        frames += take_compressed(rest.substr(0, size));
        used += size;
        continue;
      }
      if (!reader_ && take_text(rest.substr(0, size))) {
        used += size;
        continue;
      }
      frame_left_ = size;
      begin_frame(rest[0]);
    }
    if (!can_read()) {
      blocked_ = true;
      break;
    }
    auto n = std::min<std::uint64_t>(frame_left_, rest.size());
    auto taken = reader_->read(rest.substr(0, static_cast<std::size_t>(n)));
    frame_left_ -= taken;
    used += taken;
  }
  return used;
}

bool frame_input::take_control(std::string_view frame) {
  using namespace frame_bits;
  // Without the bits that have to be set, any other one makes a wrong value.
  auto kind = static_cast<std::uint8_t>(frame[0]) ^ fin;
  auto size
    = static_cast<std::size_t>(static_cast<std::uint8_t>(frame[1]) ^ mask);
  if ((kind != ping && kind != pong && kind != close)
      || size > max_control_payload)
    return false;
  if (kind == pong)
    return true;
  // RFC 6455, 5.3
  auto key = frame.substr(2, mask_key_bytes);
  auto masked = frame.substr(2 + mask_key_bytes, size);
  std::array<char, max_control_payload> payload;
  unmask(masked, key.data(), payload.data());
  if (kind == ping) {
    owner_.pinged({payload.data(), size});
  } else {
    closed_ = true;
    owner_.closed({payload.data(), size});
  }
  return true;
}

bool frame_input::take_text(std::string_view frame) {
  using namespace frame_bits;
  auto coded = static_cast<std::uint8_t>(frame[1]) ^ mask;
  auto header = 2 + mask_key_bytes + (coded == 126 ? 2u : 0u);
  auto size = frame.size() - header;
  auto buffer = pool_.message_buffer();
  // A length that would fit in fewer bytes is wrong (RFC 6455, 5.2).
  if (static_cast<std::uint8_t>(frame[0]) != (fin | text) || coded > 126
      || (coded == 126 && size < 126) || size > buffer.size())
    return false;
  auto key = frame.data() + header - mask_key_bytes;
  unmask(frame.substr(header), key, buffer.data());
  std::string_view message{buffer.data(), size};
  if (is_utf8(message))
    owner_.message(message, false);
  else
    on_broken(beast::websocket::error::bad_frame_payload);
  return true;
}

std::size_t frame_input::take_compressed(std::string_view frame) {
  switch (inflater_->add(frame)) {
    case frame_inflater::result::plain:
      if (!inflated().empty())
        begin_frame(inflated()[0]);
      break;
    case frame_inflater::result::too_big:
      owner_.message_refused();
      break;
    case frame_inflater::result::corrupt:
      owner_.message_corrupt();
  }
  return inflated().size() / bytes_of_a_frame;
}

// -- the reader's side --------------------------------------------------------

void frame_input::add_piece(const message_reader::piece& what) {
  if (!partial_)
    partial_ = std::make_unique<std::string>();
  partial_->append(what.bytes);
  if (!what.last)
    return;
  auto message = std::exchange(partial_, nullptr);
  // As a whole: nothing that it has left in the stream, such as half a
  // character, may come to the next message, which may be another client's.
  if (!what.binary && !is_utf8(*message))
    return on_broken(beast::websocket::error::bad_frame_payload);
  owner_.message(*message, what.binary);
}

void frame_input::on_broken(error_code why) {
  stop();
  owner_.broken(why);
}

void frame_input::go_on() {
  if (stashed() > 0)
    owner_.input_wanted();
  else
    rest();
}

// -- the reader ---------------------------------------------------------------

bool frame_input::can_read() {
  if (!reader_) {
    reader_ = pool_.borrow();
    reader_->lend(this);
  }
  return reader_->is_waiting();
}

void frame_input::rest() {
  if (reader_ && frame_left_ == 0 && !in_message_ && inflated().empty()
      && reader_->is_waiting())
    pool_.give_back(std::move(reader_));
}

void frame_input::let_go() noexcept {
  if (auto reader = std::exchange(reader_, nullptr))
    reader->lend(nullptr);
}

void frame_input::begin_frame(char first) noexcept {
  if (!frame_cutter::is_control({&first, 1}))
    in_message_ = (static_cast<std::uint8_t>(first) & frame_bits::fin) == 0;
}

} // namespace flamigo::detail
