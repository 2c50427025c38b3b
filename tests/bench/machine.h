#pragma once

/// What this machine can do at most, measured once in the process: what the rates of kernels are held
/// against.
namespace weft::bench {

/// FLOP a second of a product of 1536 x 1536 matrices of floats, the better of Weft's and OpenBLAS's.
double sgemm_rate(int threads);

/// Bytes a second, read and written, of memcpy between arrays that no cache holds.
double copy_rate(int threads);

}  // namespace weft::bench
