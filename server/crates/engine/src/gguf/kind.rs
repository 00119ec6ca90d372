//! The tensor types of ggml: how many weights a block holds and how many bytes it takes.

use candle_core::quantized::GgmlDType;

/// A tensor's type, as `ggml.h` and the GGUF specification number them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TensorKind {
    /// The number in the file.
    pub id: u32,
    /// The usual name, for example `Q8_0`.
    pub name: &'static str,
    /// Weights per block.
    pub block: u64,
    /// Bytes per block.
    pub bytes: u64,
}

/// 32-bit floats.
pub const F32: u32 = 0;
/// Eight bits per weight in blocks of 32, one 16-bit scale each.
pub const Q8_0: u32 = 8;

impl TensorKind {
    /// The type numbered `id`, if it is known.
    #[must_use]
    pub const fn from_id(id: u32) -> Option<Self> {
        let (name, block, bytes) = match id {
            0 => ("F32", 1, 4),
            1 => ("F16", 1, 2),
            2 => ("Q4_0", 32, 18),
            3 => ("Q4_1", 32, 20),
            6 => ("Q5_0", 32, 22),
            7 => ("Q5_1", 32, 24),
            8 => ("Q8_0", 32, 34),
            9 => ("Q8_1", 32, 36),
            10 => ("Q2_K", 256, 84),
            11 => ("Q3_K", 256, 110),
            12 => ("Q4_K", 256, 144),
            13 => ("Q5_K", 256, 176),
            14 => ("Q6_K", 256, 210),
            15 => ("Q8_K", 256, 292),
            16 => ("IQ2_XXS", 256, 66),
            17 => ("IQ2_XS", 256, 74),
            18 => ("IQ3_XXS", 256, 98),
            19 => ("IQ1_S", 256, 50),
            20 => ("IQ4_NL", 32, 18),
            21 => ("IQ3_S", 256, 110),
            22 => ("IQ2_S", 256, 82),
            23 => ("IQ4_XS", 256, 136),
            24 => ("I8", 1, 1),
            25 => ("I16", 1, 2),
            26 => ("I32", 1, 4),
            27 => ("I64", 1, 8),
            28 => ("F64", 1, 8),
            29 => ("IQ1_M", 256, 56),
            30 => ("BF16", 1, 2),
            34 => ("TQ1_0", 256, 54),
            35 => ("TQ2_0", 256, 66),
            39 => ("MXFP4", 32, 17),
            _ => return None,
        };
        Some(Self { id, name, block, bytes })
    }

    /// The same type in candle, if the engine can compute with it.
    #[must_use]
    pub const fn candle(self) -> Option<GgmlDType> {
        Some(match self.id {
            0 => GgmlDType::F32,
            1 => GgmlDType::F16,
            2 => GgmlDType::Q4_0,
            3 => GgmlDType::Q4_1,
            6 => GgmlDType::Q5_0,
            7 => GgmlDType::Q5_1,
            8 => GgmlDType::Q8_0,
            10 => GgmlDType::Q2K,
            11 => GgmlDType::Q3K,
            12 => GgmlDType::Q4K,
            13 => GgmlDType::Q5K,
            14 => GgmlDType::Q6K,
            15 => GgmlDType::Q8K,
            30 => GgmlDType::BF16,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_sizes_agree_with_the_engine() {
        for kind in (0..64).filter_map(TensorKind::from_id) {
            if let Some(dtype) = kind.candle() {
                assert_eq!(dtype.block_size() as u64, kind.block, "{}", kind.name);
                assert_eq!(dtype.type_size() as u64, kind.bytes, "{}", kind.name);
            }
        }
    }
}
