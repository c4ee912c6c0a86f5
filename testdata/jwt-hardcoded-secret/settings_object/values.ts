export const fallback = 'q9V1m3Zr8sT5w7Yx2Bc4Df6Gh8Jk0Lm2'; // finding: jwt-hardcoded-secret
