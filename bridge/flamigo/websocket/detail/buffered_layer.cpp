#include "flamigo/websocket/detail/buffered_layer.hpp"

#include <algorithm>
#include <array>

#include "flamigo/websocket/detail/frame_bits.hpp"

namespace flamigo::detail {

namespace {

/// What a compressed frame comes to counts as one frame for so many bytes.
constexpr std::size_t bytes_of_a_frame = 1'024;

bool is_close(std::string_view frame) {
  return (static_cast<std::uint8_t>(frame[0]) & frame_bits::opcode)
         == frame_bits::close;
}

} // namespace

void buffered_layer::feed(std::string_view bytes) {
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
  if (blocked_ && read_)
    owner_.frames_left();
}

std::size_t buffered_layer::serve(std::string_view bytes) {
  std::size_t used = 0;
  std::size_t frames = 0;
  for (;;) {
    if (auto plain = inflated(); !plain.empty()) {
      if (!read_) {
        blocked_ = true;
        break;
      }
      inflater_->take(read_.complete(plain.data(), plain.size(), {}));
      continue;
    }
    if (used == bytes.size())
      break;
    if (closed_)
      return bytes.size();
    auto rest = bytes.substr(used);
    if (drop_left_ > 0) {
      auto n = std::min<std::uint64_t>(drop_left_, rest.size());
      drop_left_ -= n;
      used += static_cast<std::size_t>(n);
      continue;
    }
    if (frame_left_ == 0) {
      auto size = cutter_.size(rest);
      if (size == 0)
        break;
      if (cutter_.refused()) {
        drop_left_ = size;
        cutter_.next();
        owner_.message_refused();
        continue;
      }
      if (size > rest.size())
        break;
      // The stream has read all before a close frame when it reads on.
      if (++frames > max_frames || (!read_ && is_close(rest))) {
        blocked_ = true;
        break;
      }
      cutter_.next();
      if (frame_cutter::is_control(rest)) {
        if (take_control(rest.substr(0, static_cast<std::size_t>(size)))) {
          used += static_cast<std::size_t>(size);
          continue;
        }
      } else if (inflater_ && inflater_->is_compressed(rest)) {
        frames
          += take_compressed(rest.substr(0, static_cast<std::size_t>(size)));
        used += static_cast<std::size_t>(size);
        continue;
      }
      frame_left_ = size;
    }
    if (!read_) {
      blocked_ = true;
      break;
    }
    auto n = std::min<std::uint64_t>(frame_left_, rest.size());
    auto taken = read_.complete(rest.data(), static_cast<std::size_t>(n), {});
    frame_left_ -= taken;
    used += taken;
  }
  return used;
}

bool buffered_layer::take_control(std::string_view frame) {
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
  for (std::size_t i = 0; i < size; ++i)
    payload[i] = static_cast<char>(masked[i] ^ key[i % mask_key_bytes]);
  closed_ = kind == close;
  if (closed_)
    owner_.closed({payload.data(), size});
  else
    owner_.pinged({payload.data(), size});
  return true;
}

std::size_t buffered_layer::take_compressed(std::string_view frame) {
  switch (inflater_->add(frame)) {
    case frame_inflater::result::plain:
      break;
    case frame_inflater::result::too_big:
      owner_.message_refused();
      break;
    case frame_inflater::result::corrupt:
      owner_.message_corrupt();
  }
  return inflated().size() / bytes_of_a_frame;
}

void buffered_layer::fail(error_code why) {
  if (failure_)
    return;
  failure_ = why;
  if (read_)
    read_.complete(nullptr, 0, why);
}

} // namespace flamigo::detail
